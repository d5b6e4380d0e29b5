"""The handlers call the operations that the schema lists, and their results are visible.

A resource is created, read, updated and deleted as CloudFormation does it.
"""

from __future__ import annotations

from typing import Any

import pytest

from pinpoint_sms_emu import mock_sms
from pinpoint_sms_emu.cloudformation import references
from pinpoint_sms_emu.cloudformation.type_table import TYPES
from tests.cloudformation import everything
from tests.cloudformation.conftest import changing, listed, properties, read, record

# A resource of each type; the number is the one with its own settings.
LOGICAL_IDS = {
    f"AWS::SMSVOICE::{kind}": logical_id
    for logical_id, (kind, _) in everything.RESOURCES.items()
    if logical_id not in ("File", "Number")
}
# Permissions without calls: tags are set by the operation that creates the resource.
TAGGING = {"TagResource", "UntagResource", "ListTagsForResource"}
# A number in a pool has the pool's settings, so these change only outside a pool.
CHANGES = {
    key: change
    for key, change in everything.CHANGES.items()
    if key[0] != "Number" and key != ("List", "OptOutListName")
}


def called(sms, act) -> list[str]:
    """The operations that were called."""
    before = len(sms.calls)
    act()
    return [each.operation for each in sms.calls[before:]]


@pytest.mark.rule("cfn-handlers")
@pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES)
def test_create_handlers(kind):
    """A create handler calls all operations in the schema, except mere permissions."""
    listed = set(kind.schema.handlers["create"])
    with mock_sms(seed_file=everything.template(), seed=7) as sms:
        logical_id = LOGICAL_IDS[kind.name]
        made, caller = record(sms, logical_id)
        sms.clock.advance(hours=25)
        sms.stack.update(without(logical_id, *needing(logical_id)))
        # A number that leaves a pool keeps the pool's keywords, and a new pool takes them over.
        keywords = {"MandatoryKeywords": everything.KEYWORDS}
        wanted = made.properties | (keywords if "MandatoryKeywords" in made.properties else {})

        calls = called(sms, lambda: kind.create_resource(caller, wanted))

        assert set(calls) <= listed
        assert listed - set(calls) - TAGGING <= _NOT_NEEDED.get(kind.name, set())


def needing(logical_id: str) -> set[str]:
    """The resources that refer to this one, directly or indirectly."""
    found = {
        each
        for each, resource in everything.template()["Resources"].items()
        if logical_id in references.needs_of(resource)
    }
    return found.union(*map(needing, found))


def without(*logical_ids: str) -> dict[str, Any]:
    """The template without these resources."""
    resources = everything.template()["Resources"]
    return {"Resources": {each: of for each, of in resources.items() if each not in logical_ids}}


# Operations that a create handler calls only in some cases.
_NOT_NEEDED = {
    # RequestSenderId takes all properties.
    "AWS::SMSVOICE::SenderId": {"UpdateSenderId"},
}


@pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES)
def test_read_handlers(stacked, kind):
    """A read handler calls all operations in the schema, and returns what the template has."""
    logical_id = LOGICAL_IDS[kind.name]

    calls = called(stacked, lambda: read(stacked, logical_id))

    assert set(calls) == set(kind.schema.handlers["read"])
    wanted = properties(stacked, logical_id)
    assert listed(wanted, read(stacked, logical_id)) == wanted


@pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES)
def test_read_only_properties(stacked, kind):
    """All read-only properties that have a value are read."""
    found = read(stacked, LOGICAL_IDS[kind.name])

    missing = {name for name in kind.schema.read_only if name not in found}
    assert missing <= {"PoolId", "TestingAgent"}


@pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES)
def test_delete_handlers(stacked, kind):
    """A delete handler calls all operations in the schema; for a missing resource it succeeds."""
    made, caller = record(stacked, LOGICAL_IDS[kind.name])
    stacked.clock.advance(hours=25)
    stacked.stack.update(without(*needing(made.logical_id)))

    calls = called(stacked, lambda: kind.delete_resource(caller, made.attributes))

    assert set(calls) == set(kind.schema.handlers["delete"])
    kind.delete_resource(caller, made.attributes)


@pytest.mark.rule("cfn-handlers", "cfn-replacement", "cfn-nothing-changed")
@pytest.mark.parametrize(("logical_id", "member"), CHANGES)
def test_update_handlers(stacked, logical_id, member):
    """A change is an update, or a replacement where the schema requires one, and is visible."""
    kind = TYPES[f"AWS::SMSVOICE::{everything.RESOURCES[logical_id][0]}"]
    is_replaced = not CHANGES[logical_id, member].keys().isdisjoint(kind.schema.create_only)
    handlers = kind.schema.handlers
    former, _ = record(stacked, logical_id)
    # A verified number cannot be deleted for a day.
    stacked.clock.advance(hours=25)
    before = len(stacked.calls)

    stacked.stack.update(everything.template(**{logical_id: CHANGES[logical_id, member]}))

    own = [
        each.operation
        for each in stacked.calls[before:]
        if any(each.operation in of for of in handlers.values())
    ]
    assert (kind.create in own and kind.delete in own) or not is_replaced
    if not is_replaced:
        assert set(own) <= set(handlers["update"])
        assert {each.operation for each in stacked.calls[before:]} == set(own)
    made, _ = record(stacked, logical_id)
    assert (made.attributes[kind.arn] != former.attributes[kind.arn]) == is_replaced
    wanted = properties(stacked, logical_id)
    assert listed(wanted, read(stacked, logical_id)) == wanted
    again = len(stacked.calls)
    stacked.stack.update(everything.template(**{logical_id: CHANGES[logical_id, member]}))
    assert stacked.calls[again:] == []


@pytest.mark.parametrize(("logical_id", "member"), everything.REMOVED)
def test_removed_properties_are_reset(stacked, logical_id, member):
    """A property that is removed from the template has its default again."""
    with mock_sms(seed_file=everything.template(**{logical_id: {member: None}}), seed=7) as fresh:
        usual = read(fresh, logical_id).get(member)
    before = len(stacked.calls)

    stacked.stack.update(everything.template(**{logical_id: {member: None}}))

    assert changing(stacked.calls[before:])
    assert read(stacked, logical_id).get(member) == usual


@pytest.mark.parametrize(("logical_id", "member"), CHANGES)
def test_a_reverted_change_leaves_no_trace(stacked, logical_id, member):
    """A change and its reversal leave everything as it was."""
    change = CHANGES[logical_id, member]
    stacked.clock.advance(hours=25)
    stacked.stack.update(everything.template(**{logical_id: change}))
    stacked.clock.advance(hours=25)

    stacked.stack.update(everything.template())

    wanted = properties(stacked, logical_id)
    assert listed(wanted, read(stacked, logical_id)) == wanted
