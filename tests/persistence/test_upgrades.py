"""Documents of version 1 are upgraded: version 2 has the accounts of pools."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.persistence.codec import DocumentError
from pinpoint_sms_emu.persistence.document import upgraded

VERSION_1 = Path(__file__).parent / "version_1"
# Deeper places are not read by upgrades.
MOST_STEPS = 3
OWNER, OTHER, THIRD = "123456789012", "210987654321", "333333333333"


@pytest.fixture
def document_1() -> dict[str, Any]:
    """A document of version 1, with a pool that is shared with another account."""
    document: dict[str, Any] = json.loads((VERSION_1 / "clean.json").read_text())
    owner = document["accounts"][0]
    assert owner["account_id"] == OWNER
    owner["pools"][0]["visitors"] = [OTHER]
    other = json.loads(json.dumps(owner).replace(f":{OWNER}:", f":{OTHER}:"))
    other |= {"account_id": OTHER, "pools": [], "registrations": []}
    document["accounts"] = [owner, other]
    document["tokens"] = []
    document["agenda"]["entries"] = []
    [pool] = owner["pools"]
    for resource in (*other["phone_numbers"], *other["sender_ids"]):
        resource["registration_id"] = None
    for number in other["phone_numbers"]:
        number |= {"phone_number": number["phone_number"][:-4] + "0199", "policy": None}
    other["phone_numbers"][0]["pool_id"] = pool["id"]
    other["sender_ids"][0]["pool_ids"] = [pool["id"]]
    document["messages"]["kept"][0] |= {"account_id": OTHER, "pool_id": pool["id"]}
    return document


def members_of(emulator: Emulator, account_id: str) -> list[str]:
    """Return the ARNs of the members of an account's first pool, as the service lists them."""
    engine = engine_of(emulator)
    pool = engine.account(account_id, "us-east-1").pools.oldest().id
    listed = engine.call("ListPoolOriginationIdentities", {"PoolId": pool}, account_id)
    return [each["OriginationIdentityArn"] for each in listed["OriginationIdentities"]]


def test_members_of_another_account_stay(document_1):
    """A number, a sender ID and a message of a shared pool get the pool's account."""
    emulator = Emulator()

    emulator.restore(document_1)

    listed = members_of(emulator, OWNER)
    other = engine_of(emulator).account(OTHER, "us-east-1")
    assert other.phone_numbers.oldest().arn in listed
    assert other.sender_ids.oldest().arn in listed
    assert other.phone_numbers.oldest().pool_account_id == OWNER
    assert other.sender_ids.oldest().pool_ids == []
    assert emulator.messages[0].pool_account_id == OWNER


def test_members_of_the_accounts_own_pool_stay(document_1):
    """If the account itself has a pool with this id, that one is used."""
    [pool] = document_1["accounts"][0]["pools"]
    own = json.loads(json.dumps(pool).replace(f":{OWNER}:", f":{OTHER}:")) | {"visitors": []}
    document_1["accounts"][1]["pools"] = [own]
    emulator = Emulator()

    emulator.restore(document_1)

    other = engine_of(emulator).account(OTHER, "us-east-1")
    assert other.phone_numbers.oldest().arn in members_of(emulator, OTHER)
    assert other.phone_numbers.oldest().arn not in members_of(emulator, OWNER)
    assert other.phone_numbers.oldest().pool_account_id is None
    assert emulator.messages[0].pool_account_id is None


def test_the_pool_that_is_shared_is_used(document_1):
    """If two other accounts have a pool with this id, the one that shares it is used."""
    [pool] = document_1["accounts"][0]["pools"]
    third = json.loads(json.dumps(pool).replace(f":{OWNER}:", f":{THIRD}:")) | {"visitors": []}
    template = Emulator()
    engine_of(template).account(THIRD, "us-east-1")
    [fresh] = template.snapshot()["accounts"]
    fresh["pools"] = [third]
    document_1["accounts"].insert(0, fresh)
    emulator = Emulator()

    emulator.restore(document_1)

    other = engine_of(emulator).account(OTHER, "us-east-1")
    assert other.phone_numbers.oldest().pool_account_id == OWNER


def test_the_argument_is_not_modified(document_1):
    """The upgrade does not change its argument."""
    before = json.dumps(document_1)

    Emulator().restore(document_1)

    assert json.dumps(document_1) == before


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield every place in a document."""
    members = value.items() if isinstance(value, dict) else ()
    entries = enumerate(value) if isinstance(value, list) else ()
    for name, inner in (*members, *entries):
        yield (*path, name)
        yield from places(inner, (*path, name))


def test_a_document_of_another_form_is_refused(document_1):
    """Whatever is missing or of another type, the upgrade succeeds or is refused."""
    few = [path for path in places(document_1) if len(path) <= MOST_STEPS and path != ("version",)]
    refused = 0

    for path, wrong in product(few, (None, 5)):
        document = deepcopy(document_1)
        inner: Any = document
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = wrong
        try:
            upgraded(document)
        except DocumentError:
            refused += 1

    assert refused, len(few)


def test_an_empty_document_is_refused_with_a_sentence():
    """A document without the members of version 1 is not restored."""
    emulator = Emulator()
    before = emulator.snapshot()

    with pytest.raises(ValueError, match=r"it does not have the form of version 1$"):
        emulator.restore({"format": "pinpoint-sms-emu state", "version": 1})

    assert emulator.snapshot() == before
