"""Speech: what a voice message says, and how long that takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from pinpoint_sms_emu.errors import ValidationException

if TYPE_CHECKING:
    from pinpoint_sms_emu.messaging.messages import Message

# TEXT is the default type: "When used the maximum character limit is 3000."
LONGEST_TEXT: Final = 3_000

# How fast it is said: ours, about 150 words a minute.
_CHARACTERS_PER_SECOND: Final = 15


def read_script(body: str, text_type: str) -> str:
    """Read what will be said: of SSML, what is between the tags."""
    if text_type == "TEXT":
        if len(body) > LONGEST_TEXT:
            raise ValidationException(
                "INVALID_PARAMETER", message_body=f"must have at most {LONGEST_TEXT} characters"
            )
        return body

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


def minutes(spoken: str) -> int:
    """How many minutes of a call are paid for; a minute that has begun is paid in full."""
    return -(-seconds(spoken) // 60)


def spoken_in(message: Message) -> str:
    """What a voice message that was accepted says."""
    return read_script(message.body or "", message.message_body_text_type or "TEXT")
