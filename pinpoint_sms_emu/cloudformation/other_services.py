"""Resources of other services, which are not created: their ids and ARNs are fictitious."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple


class OtherType(NamedTuple):
    """The format of the ids and ARNs of a type."""

    # The property with the name.
    name: str
    # The ARN, without partition.
    arn: str
    # The value of Ref.
    ref: str = "{name}"


_ACCOUNT: Final = "{region}:{account}"
# Types that are used with this service; others get an ARN of the usual form.
_TYPES: Final[Mapping[str, OtherType]] = MappingProxyType(
    {
        "AWS::IAM::Role": OtherType("RoleName", "iam::{account}:role/{name}"),
        "AWS::IAM::User": OtherType("UserName", "iam::{account}:user/{name}"),
        "AWS::KinesisFirehose::DeliveryStream": OtherType(
            "DeliveryStreamName", f"firehose:{_ACCOUNT}:deliverystream/{{name}}"
        ),
        "AWS::Lambda::Function": OtherType("FunctionName", f"lambda:{_ACCOUNT}:function:{{name}}"),
        "AWS::Logs::LogGroup": OtherType("LogGroupName", f"logs:{_ACCOUNT}:log-group:{{name}}:*"),
        "AWS::S3::Bucket": OtherType("BucketName", "s3:::{name}"),
        "AWS::SNS::Topic": OtherType("TopicName", f"sns:{_ACCOUNT}:{{name}}", ref="{arn}"),
        "AWS::SQS::Queue": OtherType(
            "QueueName",
            f"sqs:{_ACCOUNT}:{{name}}",
            ref="https://sqs.{region}.amazonaws.com/{account}/{name}",
        ),
        "AWS::Serverless::Function": OtherType(
            "FunctionName", f"lambda:{_ACCOUNT}:function:{{name}}"
        ),
    }
)
# Resources that SAM generates for a function.
_GENERATED: Final = MappingProxyType({"Role": "AWS::IAM::Role"})


class Fictitious(NamedTuple):
    """The fictitious id and ARN of a resource."""

    name: str
    ref: str
    arn: str

    def attribute(self, attribute: str) -> str:
        """Return a value for Fn::GetAtt, by the attribute's name."""
        if attribute.endswith("Arn"):
            return self.arn
        if attribute.endswith("Name"):
            return self.name
        return f"{self.name}-{attribute}"


def name_property(kind: str) -> str:
    """Return the property of a type with the name, or "" if it is unknown."""
    return _TYPES[kind].name if kind in _TYPES else ""


def generated_type(logical_id: str) -> str:
    """Return the type of a resource that SAM generates, by its logical id."""
    ends = (kind for end, kind in _GENERATED.items() if logical_id.endswith(end))
    return next(ends, "AWS::Serverless::Resource")


def fictitious_resource(kind: str, name: str, pseudo_parameters: Mapping[str, Any]) -> Fictitious:
    """Return a fictitious id and ARN for a resource of another service."""
    _, service, last = f"{kind}::::".split("::")[:3]
    service, last = (each.lower().replace("{", "{{").replace("}", "}}") for each in (service, last))
    known = _TYPES.get(kind, OtherType("", f"{service}:{_ACCOUNT}:{last}/{{name}}"))
    name = name.lower() if kind == "AWS::S3::Bucket" else name
    values = {
        "account": pseudo_parameters["AWS::AccountId"],
        "region": pseudo_parameters["AWS::Region"],
        "name": name,
    }
    arn = f"arn:{pseudo_parameters['AWS::Partition']}:{known.arn.format(**values)}"
    return Fictitious(name, known.ref.format(**values, arn=arn), arn)
