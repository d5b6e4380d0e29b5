"""Tags: keys and values of resources with an ARN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pinpoint_sms_emu.errors import InvalidArnError, ServiceQuotaExceededException
from pinpoint_sms_emu.resources.identities import table_of
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.service.rules import must_not_be_leaving
from pinpoint_sms_emu.state.tables import Resource

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account


@operation
def tag_resource(account: Account, *, resource_arn: str, tags: dict[str, str]) -> None:
    """Add tags, and replace the values of existing keys."""
    resource = _find_taggable(account, resource_arn)

    together = resource.tags | tags
    if len(together) > account.quota("TAGS_PER_RESOURCE"):
        raise ServiceQuotaExceededException("TAGS_PER_RESOURCE")

    resource.tags = together


@operation
def untag_resource(account: Account, *, resource_arn: str, tag_keys: list[str]) -> None:
    """Remove tags, and ignore missing keys."""
    resource = _find_taggable(account, resource_arn)

    for key in tag_keys:
        resource.tags.pop(key, None)


@operation
def list_tags_for_resource(account: Account, *, resource_arn: str) -> dict[str, Any]:
    """List the tags of a resource."""
    resource = _find_taggable(account, resource_arn)

    return {"resource_arn": resource.arn, "tags": resource.tags}


def _find_taggable(account: Account, arn: str) -> Resource:
    """Find a resource by its ARN. Event destinations and keywords have no ARN."""
    table = table_of(arn, *account.tables.values())
    if table is None:
        raise InvalidArnError(arn, "is not the ARN of a resource that can be tagged")
    found: Resource = table[arn]
    must_not_be_leaving(found)
    return found
