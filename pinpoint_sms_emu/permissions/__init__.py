"""IAM's part: who may call what, and the policy that a run of calls needs."""
