"""The server refuses values that violate the model's constraints, and accepts all others."""

import re
from itertools import product

import pytest

from pinpoint_sms_emu.service.operations import OPERATIONS
from pinpoint_sms_emu.wire.model import field_name, service_model, snake
from tests.contract.samples import body, cases, has_lists

EMULATED = [name for name in service_model().operations if snake(name) in OPERATIONS]
CASES = [case for name in EMULATED for case in cases(name)]

# The rules of the catalogue about constraints, by their subject.
RULES = {
    r"-required$": "proto-missing-required",
    r"-(min|max|enum|union)$": "proto-constraint-violation",
    r"-pattern$": "proto-pattern-anchored",
    r"-ClientToken-(min|max|pattern)$": "proto-client-token-format",
    r"-Filters-max$": "proto-filters-max",
    r"-Filters\.0\.Name-enum$": "proto-filter-name-enum",
    r"-Filters\.0\.Values-(min|max)$": "proto-filter-values-count",
    r"-Filters\.0\.Values\.0-(min|max|pattern)$": "proto-filter-value-format",
    r"-IsoCountryCode-(min|max|pattern)$": "proto-iso-country",
    r"-MaxResults-(min|max)$": "proto-page-max-results",
    r"-NextToken-(min|max)$": "proto-page-token-length",
}


def with_rules(case):
    """A case as a test parameter with the rules that it shows."""
    rules = [rule for pattern, rule in RULES.items() if re.search(pattern, str(case))]
    return pytest.param(case, marks=pytest.mark.rule(*rules), id=str(case))


OF_SHAPES = [with_rules(case) for case in CASES if case.constraint != "type"]
OF_TYPES = [case for case in CASES if case.constraint == "type"]


@pytest.fixture
def url():
    """No URL: validation over HTTP is the same, so one transport is enough."""
    return


@pytest.mark.parametrize("case", OF_SHAPES)
def test_constraints_are_enforced(raw, case):
    """A value that breaks a constraint is refused with only its member; one at the bound is not."""
    shape = service_model().operations[case.operation].input_shape
    reason = "MISSING_PARAMETER" if case.constraint == "required" else "FIELD_VALIDATION_FAILED"
    member = field_name(snake(case.path[0]))
    before = raw.emulator.snapshot()

    entries = (False, True) if has_lists(shape, case.path) else (False,)
    for value, last in product(case.broken, entries):
        answer = raw(case.operation, body(shape, case.path, value, last=last))

        result = (answer.status, answer.code, answer.json.get("Reason"), answer.fields)
        assert result == (400, "ValidationException", reason, [member]), repr(value)[:200]
        assert raw.emulator.snapshot() == before

    for value in case.kept:
        answer = raw(case.operation, body(shape, case.path, value))

        assert answer.code != "SerializationException", answer.text
        if answer.json.get("Reason") in ("MISSING_PARAMETER", "FIELD_VALIDATION_FAILED"):
            assert member not in answer.fields, (repr(value)[:200], answer.text)


@pytest.mark.rule("proto-wrong-type")
@pytest.mark.parametrize("case", OF_TYPES, ids=str)
def test_wrong_types_are_refused(raw, case):
    """A member of the wrong JSON type is refused with its name."""
    shape = service_model().operations[case.operation].input_shape
    before = raw.emulator.snapshot()

    entries = (False, True) if has_lists(shape, case.path) else (False,)
    for value, last in product(case.broken, entries):
        answer = raw(case.operation, body(shape, case.path, value, last=last))

        assert (answer.status, answer.code) == (400, "SerializationException"), value
        assert case.path[0] in answer.json["message"]

    assert raw.emulator.snapshot() == before


def test_every_shape_has_samples():
    """Every constraint has valid and invalid samples, also for operations that are not emulated."""
    assert sum(1 for name in service_model().operations for _case in cases(name)) > 1000
