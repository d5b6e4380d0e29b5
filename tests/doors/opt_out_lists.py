"""The smallest change that can be made and seen: an opt-out list."""

from __future__ import annotations

from typing import Any

SERVICE = "pinpoint-sms-voice-v2"


def make_list(client: Any, name: str = "mine") -> str:
    """Change something that can be seen."""
    made: str = client.create_opt_out_list(OptOutListName=name)["OptOutListName"]
    return made


def names(client: Any) -> list[str]:
    """See what there is."""
    return [each["OptOutListName"] for each in client.describe_opt_out_lists()["OptOutLists"]]
