"""Patterns in policies: the wildcards * and ?, variables, and matching of ARNs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

# The values of a request's condition keys, with names in lower case.
Context: TypeAlias = Mapping[str, tuple[str, ...]]

_TOKEN: Final = re.compile(r"\$\{([^{}]*)\}|([*?])|([^*?$]+|\$)", re.DOTALL)
_PLAIN_TOKEN: Final = re.compile(r"(?!)()|([*?])|([^*?]+)", re.DOTALL)
_DEFAULT: Final = re.compile(r"\s*([^,\s]+)\s*(?:,\s*'([^']*)'\s*)?")
_LITERALS: Final = ("*", "?", "$")
# A colon inside a variable is not a separator.
_SEPARATOR: Final = re.compile(r":(?![^{}]*\})")
_ARN_PARTS: Final = 6


class Piece(NamedTuple):
    """A part of a pattern: a wildcard, or text."""

    text: str
    is_wildcard: bool = False


def pieces(pattern: str, variables: Context | None) -> list[Piece] | None:
    """Split a pattern into pieces, and replace variables; None if a variable has no value.

    `variables` is None for documents of Version 2008-10-17, which have no variables.
    """
    found = []
    for match in (_PLAIN_TOKEN if variables is None else _TOKEN).finditer(pattern):
        variable, wildcard, text = match.groups()
        if wildcard:
            found.append(Piece(wildcard, is_wildcard=True))
        elif variable is None or variables is None:
            found.append(Piece(text))
        else:
            value = _value_of(variable, variables)
            if value is None:
                return None
            found.append(Piece(value))
    return found


def _value_of(variable: str, context: Context) -> str | None:
    if variable in _LITERALS:
        return variable
    name = _DEFAULT.fullmatch(variable)
    if name is None:
        return None
    values = context.get(name[1].lower(), ())
    # Keys with several values cannot be used as variables.
    return values[0] if len(values) == 1 else name[2]


def text_of(pattern: str, variables: Context | None) -> str | None:
    """Return a value in which * and ? are not wildcards."""
    found = pieces(pattern, variables)
    return None if found is None else "".join(piece.text for piece in found)


def matches(pattern: str, text: str, variables: Context | None = None) -> bool:
    """Return whether a text matches a pattern with * and ?."""
    found = pieces(pattern, variables)
    return found is not None and bool(_expression(tuple(found)).fullmatch(text))


@lru_cache(maxsize=10_000)
def _expression(found: tuple[Piece, ...]) -> re.Pattern[str]:
    """Compile the pieces of a pattern.

    What follows a * may match at its first place: if the rest does not match after that, it does
    not match after a later place either. Atomic groups (?>…) do not try those, as in `fnmatch`.
    Otherwise, a pattern with seven * could take minutes.
    """
    parts = [""]
    for text, is_wildcard in found:
        if is_wildcard and text == "*":
            parts.append("")
        else:
            parts[-1] += "." if is_wildcard else re.escape(text)
    first, *following = parts
    if not following:
        return re.compile(first, re.DOTALL)
    *inner, last = following
    source = "".join(f"(?>.*?{part})" for part in inner)
    return re.compile(f"{first}{source}.*{last}", re.DOTALL)


def matches_arn(pattern: str, arn: str, variables: Context | None = None) -> bool:
    """Return whether an ARN matches a pattern; each of its six parts is matched separately.

    "If you specify an incomplete ARN (one with fewer than the standard six fields) for a resource,
    AWS automatically completes the ARN by adding wildcard characters (*) to all missing fields"
    (IAM user guide, "IAM JSON policy elements: Resource").
    """
    if not pattern.startswith("arn:") or not arn.startswith("arn:"):
        return matches(pattern, arn, variables)
    wanted = _SEPARATOR.split(pattern, _ARN_PARTS - 1)
    wanted += ["*"] * (_ARN_PARTS - len(wanted))
    parts = arn.split(":", _ARN_PARTS - 1)
    return len(parts) == _ARN_PARTS and all(
        matches(each, part, variables) for each, part in zip(wanted, parts, strict=True)
    )
