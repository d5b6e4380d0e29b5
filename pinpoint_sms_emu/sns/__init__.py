"""The operations of Amazon SNS that are about texts, on the same accounts, numbers and lists."""
