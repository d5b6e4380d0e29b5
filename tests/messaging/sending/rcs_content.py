"""Members of SendRcsMessage that tests send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Content = dict[str, Any]

CARD: Content = {"Title": "Shoes", "Description": "They run"}
REPLY = {"Reply": {"Text": "Yes", "PostbackData": "yes"}}
OPEN = {"Text": "Look", "PostbackData": "look", "Url": "https://example.com/"}
EVENT = {"Text": "Note", "PostbackData": "note", "Title": "Run"}
SMS = {"Channel": "SMS", "MessageBody": "Shoes: they run"}


def words(body: str = "Hello", **more: Any) -> Content:
    """Content that is a text."""
    return {"Content": {"TextMessage": {"Body": body}}, **more}


def card(content: Content | None = None, orientation: str = "VERTICAL", **more: Any) -> Content:
    """Content that is a card."""
    inside = {"CardOrientation": orientation, "CardContent": content or CARD, **more}
    return {"Content": {"RichCard": inside}}


def carousel(cards: Sequence[Content] = (CARD, CARD), width: str = "SMALL") -> Content:
    """Content that is a carousel."""
    return {"Content": {"Carousel": {"CardWidth": width, "CardContents": list(cards)}}}
