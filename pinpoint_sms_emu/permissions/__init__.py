"""IAM policies: enforcing them, and generating the policy that calls need."""
