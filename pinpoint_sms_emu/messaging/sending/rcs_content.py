"""RCS message content: documented rules that are not constraints of the model."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from pinpoint_sms_emu.errors import ValidationException
from pinpoint_sms_emu.wire import shapes

_LARGEST: Final = 250 * 1024
_ORIENTATIONS: Final = ("HORIZONTAL", "VERTICAL")
_ALIGNMENTS: Final = ("LEFT", "RIGHT")
_HEIGHTS: Final = ("SHORT", "MEDIUM", "TALL")
# "TALL is not supported in carousels".
_CAROUSEL_HEIGHTS: Final = ("SHORT", "MEDIUM")
_WIDTHS: Final = ("SMALL", "MEDIUM")
_APPLICATIONS: Final = ("BROWSER", "WEBVIEW")
_VIEW_MODES: Final = ("FULL", "HALF", "TALL")
# User guide, "Supported media types and size limits" and "Thumbnails" of RCS file messages. A key
# without an extension can have any type.
_THUMBNAILS: Final = frozenset({"", ".jpeg", ".jpg", ".png"})
_FILES: Final = _THUMBNAILS | {".gif", ".mp4", ".webm", ".mp3", ".aac", ".pdf"}


def must_be_showable(message: Mapping[str, Any]) -> None:
    """Refuse content that is too large, or that has invalid or contradictory values."""
    if _size(message) > _LARGEST:
        # User guide, "RCS limits and restrictions"; the Reason is inferred.
        raise _wrong("must have at most 250 KB in all")
    for suggestion in message.get("suggestions", ()):
        _check_suggestion(suggestion)
    content = message["content"]
    if file := content.get("file_message"):
        _check_file(file)
    elif card := content.get("rich_card"):
        _check_standalone_card(card)
    elif carousel := content.get("carousel"):
        _must_be_one_of("CardWidth", carousel["card_width"], _WIDTHS)
        for each in carousel["card_contents"]:
            _check_card(each, _CAROUSEL_HEIGHTS)


def _size(message: Mapping[str, Any]) -> int:
    """Return the size of content as JSON, in bytes."""
    wire = shapes.render("RcsMessageContent", message)
    return len(json.dumps(wire, ensure_ascii=False, default=str).encode())


def is_text(message: Mapping[str, Any] | None) -> bool:
    """Return whether a message is a text; one from SendTextMessage has no content."""
    return message is None or "text_message" in message["content"]


def readable(message: Mapping[str, Any]) -> str:
    """Return the readable text of a message: its text, or the cards' titles and descriptions."""
    content = message["content"]
    if text := content.get("text_message"):
        return str(text["body"])
    if file := content.get("file_message"):
        return str(file["file_url"])
    if card := content.get("rich_card"):
        return "\n".join(_words(card["card_content"]))
    return "\n".join(word for each in content["carousel"]["card_contents"] for word in _words(each))


def addresses_to_open(message: Mapping[str, Any] | None) -> list[str]:
    """Return the web addresses in the suggestions of a message and its cards."""
    if message is None:
        return []
    content = message["content"]
    cards = [
        content.get("rich_card", {}).get("card_content", {}),
        *content.get("carousel", {}).get("card_contents", ()),
    ]
    suggestions = [each for holder in (message, *cards) for each in holder.get("suggestions", ())]
    return [each["open_url"]["url"] for each in suggestions if "open_url" in each]


def _words(card: Mapping[str, Any]) -> Iterator[str]:
    yield from (card[name] for name in ("title", "description") if name in card)


def _check_standalone_card(card: Mapping[str, Any]) -> None:
    _must_be_one_of("CardOrientation", card["card_orientation"], _ORIENTATIONS)
    if alignment := card.get("thumbnail_image_alignment"):
        _must_be_one_of("ThumbnailImageAlignment", alignment, _ALIGNMENTS)
        if card["card_orientation"] != "HORIZONTAL":
            raise _wrong("ThumbnailImageAlignment is only for HORIZONTAL cards")
    _check_card(card["card_content"], _HEIGHTS)


def _check_card(card: Mapping[str, Any], heights: tuple[str, ...]) -> None:
    # User guide, "Rich card components": at least one of them is required.
    if not card.keys() & {"title", "description", "media"}:
        raise _wrong("a card needs a Title, a Description or Media")
    if media := card.get("media"):
        _check_file(media)
        if height := media.get("height"):
            _must_be_one_of("Height", height, heights)
    for suggestion in card.get("suggestions", ()):
        _check_suggestion(suggestion)


def _check_file(file: Mapping[str, Any]) -> None:
    """Refuse a file in S3 whose type is not supported, determined by its extension.

    "HTTPS URLs are not validated at request time in the same way." The Reason is inferred.
    """
    for member, types in (("file_url", _FILES), ("thumbnail_url", _THUMBNAILS)):
        url = file.get(member, "")
        if url.startswith("s3://") and PurePosixPath(url).suffix.lower() not in types:
            raise ValidationException(
                "MEDIA_TYPE_NOT_SUPPORTED", rcs_message_content=f"{url:.200} has another type"
            )


def _check_suggestion(suggestion: Mapping[str, Any]) -> None:
    if opening := suggestion.get("open_url"):
        _check_opening(opening)
    event = suggestion.get("create_calendar_event")
    if event and event["end_time"] <= event["start_time"]:
        # Inferred.
        raise _wrong("EndTime must be after StartTime")


def _check_opening(opening: Mapping[str, Any]) -> None:
    application, mode = opening.get("application"), opening.get("webview_view_mode")
    if application:
        _must_be_one_of("Application", application, _APPLICATIONS)
    if application == "WEBVIEW" and mode is None:
        # User guide, "OpenUrl": "Required when Application is WEBVIEW".
        raise ValidationException(
            "MISSING_PARAMETER", rcs_message_content="WebviewViewMode is required with WEBVIEW"
        )
    if mode:
        _must_be_one_of("WebviewViewMode", mode, _VIEW_MODES)
        if application != "WEBVIEW":
            raise _wrong("WebviewViewMode is only for the Application WEBVIEW")


def _must_be_one_of(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise _wrong(f"{name} must be one of {', '.join(choices)}, not {value}")


def _wrong(why: str) -> ValidationException:
    return ValidationException("INVALID_PARAMETER", rcs_message_content=why)
