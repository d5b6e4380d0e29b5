"""Speech: the spoken text of a voice message, and the length of the call."""

from __future__ import annotations

from typing import Final
from xml.parsers import expat

from pinpoint_sms_emu.errors import ValidationException

# User guide, "Voice quotas": "3,000 billable characters, in words that are spoken". The model has
# the limit of 6,000 characters with SSML.
MAX_SPOKEN: Final = 3_000

# The speed of speech: our choice, about 150 words a minute.
_CHARACTERS_PER_SECOND: Final = 15

_LONGEST_CALL: Final = {"PRODUCTION": 300, "SANDBOX": 30}


def read_script(body: str, text_type: str) -> str:
    """Return the spoken text; of SSML, the text between the tags."""
    spoken = body if text_type == "TEXT" else _read_ssml(body)
    if len(spoken) > MAX_SPOKEN:
        raise ValidationException(
            "INVALID_PARAMETER",
            message_body=f"must have at most {MAX_SPOKEN} characters that are spoken",
        )
    return spoken


def _read_ssml(body: str) -> str:
    texts: list[str] = []
    parser = expat.ParserCreate()
    parser.CharacterDataHandler = texts.append
    # SSML has no entity declarations, and entities can expand without limit.
    parser.EntityDeclHandler = _refuse_entity
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError) as error:
        raise ValidationException(
            "INVALID_PARAMETER", message_body=f"is not SSML: {error}"
        ) from error
    return "".join(texts)


def _refuse_entity(*_declaration: object) -> None:
    raise ValueError("it declares an entity")


def seconds(spoken: str) -> int:
    """Return the time to speak a text, in seconds."""
    return max(1, -(-len(spoken) // _CHARACTERS_PER_SECOND))


def minutes(call_seconds: int) -> int:
    """Return the billed minutes of a call, rounded up."""
    return -(-call_seconds // 60)


def call_seconds(spoken: str, account_tier: str) -> int:
    """Return the length of a call in seconds, limited by the account's tier.

    User guide, "Voice sandbox" and "Voice quotas". Inferred: a longer call is ended, not refused.
    """
    return min(seconds(spoken), _LONGEST_CALL[account_tier])
