"""Records of what happened, and where they go."""
