"""From the request to the accepted message."""
