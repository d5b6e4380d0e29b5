"""Speech: what a voice message says, and how long that takes."""

from __future__ import annotations

from typing import Final
from xml.parsers import expat

from pinpoint_sms_emu.errors import ValidationException

# User guide, "Voice quotas": "3,000 billable characters, in words that are spoken"; the model has
# the 6,000 of all characters of SSML.
MAX_SPOKEN: Final = 3_000

# How fast it is said: ours, about 150 words a minute.
_CHARACTERS_PER_SECOND: Final = 15

_LONGEST_CALL: Final = {"PRODUCTION": 300, "SANDBOX": 30}


def read_script(body: str, text_type: str) -> str:
    """Read what will be said: of SSML, what is between the tags."""
    spoken = body if text_type == "TEXT" else _read_ssml(body)
    if len(spoken) > MAX_SPOKEN:
        raise ValidationException(
            "INVALID_PARAMETER",
            message_body=f"must have at most {MAX_SPOKEN} characters that are spoken",
        )
    return spoken


def _read_ssml(body: str) -> str:
    said: list[str] = []
    parser = expat.ParserCreate()
    parser.CharacterDataHandler = said.append
    # Entities of one's own are no part of SSML, and can grow without bound.
    parser.EntityDeclHandler = _refuse_entity
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError) as error:
        raise ValidationException(
            "INVALID_PARAMETER", message_body=f"is not SSML: {error}"
        ) from error
    return "".join(said)


def _refuse_entity(*_declaration: object) -> None:
    raise ValueError("it declares an entity")


def seconds(spoken: str) -> int:
    """How long it takes to say something."""
    return max(1, -(-len(spoken) // _CHARACTERS_PER_SECOND))


def minutes(call_seconds: int) -> int:
    """How many minutes of a call are paid for; a minute that has begun is paid in full."""
    return -(-call_seconds // 60)


def call_seconds(spoken: str, account_tier: str) -> int:
    """How long a call lasts that says something: it is cut where the account's tier has it.

    User guide, "Voice sandbox" and "Voice quotas". That a longer call is cut, and not refused, is
    inferred.
    """
    return min(seconds(spoken), _LONGEST_CALL[account_tier])
