"""Keywords: what a number or a pool answers to, and what it then does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from pinpoint_sms_emu.state.resource import Entry


@dataclass(slots=True, kw_only=True)
class Keyword(Entry):
    """A word that an inbound message can begin with; its id is the word in upper case."""

    kind: ClassVar[str] = "keyword"

    message: str
    action: str = "AUTOMATIC_RESPONSE"

    def copy(self) -> Keyword:
        """Make another one like it, for a pool that takes over its identity's keywords."""
        return replace(self)


def mandatory_keywords() -> dict[str, Keyword]:
    """HELP and STOP: every number and pool has them from the start.

    AWS's own default texts are not known; these are the examples of its user guide.
    """
    return {
        "HELP": Keyword(
            id="HELP", message="For assistance with your account, call (206) 555-0199."
        ),
        "STOP": Keyword(
            id="STOP",
            message="You are now opted out and will no longer receive messages.",
            action="OPT_OUT",
        ),
    }
