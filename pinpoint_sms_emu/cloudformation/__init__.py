"""CloudFormation: templates, the handlers of this service's resource types, and stacks."""
