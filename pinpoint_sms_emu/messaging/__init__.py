"""Messages: from the request to the delivery event, and from a person back to the account."""
