"""Parses IAM policy documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from pinpoint_sms_emu.permissions import conditions
from pinpoint_sms_emu.permissions.conditions import Condition
from pinpoint_sms_emu.wire import json_text
from pinpoint_sms_emu.wording import nearest, quoted

# Only documents of this version have variables.
VERSION: Final = "2012-10-17"
_VERSIONS: Final = (VERSION, "2008-10-17")
_ELEMENTS: Final = ("Version", "Id", "Statement")
_STATEMENT: Final = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)


class Names(NamedTuple):
    """The patterns of an element, such as Action, or of its negation, such as NotAction."""

    patterns: tuple[str, ...]
    is_negated: bool


class Statement(NamedTuple):
    """One statement of a policy."""

    effect: str
    # None in identity-based policies.
    principals: Names | None
    actions: Names
    resources: Names
    conditions: tuple[Condition, ...]
    has_variables: bool


class Policy(NamedTuple):
    """A policy document."""

    statements: tuple[Statement, ...]


def read(document: Any) -> Policy:
    """Parse an identity-based policy, a mapping or JSON; raise a ValueError for a wrong one."""
    return _read(document, has_principals=False)


def read_of_resource(document: Any) -> Policy:
    """Parse a resource-based policy, whose statements name principals."""
    return _read(document, has_principals=True)


def _read(document: Any, *, has_principals: bool) -> Policy:
    if isinstance(document, str):
        try:
            document = json_text.decode_without_duplicates(document)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"a policy must be JSON: {json_text.why_not_json(error)}") from error
    if not isinstance(document, Mapping):
        raise ValueError(f"a policy must be a mapping with Statement, not {quoted(document)}")
    _must_be_known(document, _ELEMENTS)
    version = document.get("Version", _VERSIONS[1])
    if version not in _VERSIONS:
        raise ValueError(f"Version must be {' or '.join(_VERSIONS)}, not {quoted(version)}")
    if "Statement" not in document:
        raise ValueError("Statement is missing")
    statements = document["Statement"]
    listed = statements if isinstance(statements, list) else [statements]
    found = []
    sids: set[str] = set()
    for number, each in enumerate(listed, start=1):
        try:
            found.append(
                _statement(each, has_principals=has_principals, has_variables=version == VERSION)
            )
            _must_be_new(each, sids)
        except ValueError as error:
            raise ValueError(f"statement {number}: {error}") from error
    return Policy(tuple(found))


def _statement(statement: Any, *, has_principals: bool, has_variables: bool) -> Statement:
    if not isinstance(statement, Mapping):
        raise ValueError(f"must be a mapping, not {quoted(statement)}")
    _must_be_known(statement, _STATEMENT)
    effect = statement.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise ValueError(f"Effect must be Allow or Deny, not {quoted(effect)}")
    if not isinstance(statement.get("Sid", ""), str):
        raise ValueError(f"Sid must be a text, not {quoted(statement['Sid'])}")
    if not has_principals and ("Principal" in statement or "NotPrincipal" in statement):
        raise ValueError("Principal is for policies of resources")
    actions = _names(statement, "Action")
    for action in actions.patterns:
        if action != "*" and not all(action.partition(":")):
            raise ValueError(f"Action must be like sms-voice:SendTextMessage, not {quoted(action)}")
    if has_principals and "Resource" not in statement and "NotResource" not in statement:
        # Without a Resource, it is the resource that has the policy.
        resources = Names(("*",), is_negated=False)
    else:
        resources = _names(statement, "Resource")
    for resource in resources.patterns:
        if resource != "*" and not resource.startswith("arn:"):
            raise ValueError(f'Resource must be in ARN format or "*", not {quoted(resource)}')
    return Statement(
        effect,
        _principals(statement) if has_principals else None,
        actions,
        resources,
        conditions.read(statement.get("Condition", {})),
        has_variables,
    )


def _must_be_new(statement: Mapping[str, Any], sids: set[str]) -> None:
    """Refuse a Sid of an earlier statement, as IAM does ("Unique Sids required")."""
    sid = statement.get("Sid")
    if sid in sids:
        raise ValueError(f"Sid {quoted(sid)} is given twice")
    if sid:
        sids.add(sid)


def _must_be_known(mapping: Mapping[Any, Any], known: tuple[str, ...]) -> None:
    for name in mapping:
        if name not in known:
            raise ValueError(f"there is no element {quoted(name)}; {nearest(name, known)}")


def _names(statement: Mapping[str, Any], element: str) -> Names:
    """Parse Action or NotAction, or Resource or NotResource: exactly one must be given."""
    spelled = [name for name in (element, f"Not{element}") if name in statement]
    if len(spelled) != 1:
        raise ValueError(f"needs either {element} or Not{element}")
    [name] = spelled
    return Names(_texts(name, statement[name]), name != element)


def _principals(statement: Mapping[str, Any]) -> Names:
    spelled = [name for name in ("Principal", "NotPrincipal") if name in statement]
    if len(spelled) != 1:
        raise ValueError("needs either Principal or NotPrincipal")
    [name] = spelled
    principal = statement[name]
    if isinstance(principal, Mapping):
        # Services and federated users do not call the emulator.
        principal = principal.get("AWS", [])
    listed = _texts(name, principal) if principal else ()
    return Names(listed, name != "Principal")


def _texts(name: str, value: Any) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    if not listed or not all(isinstance(each, str) and each for each in listed):
        raise ValueError(f"{name} must be a text or a list of texts, not {quoted(value)}")
    return tuple(listed)
