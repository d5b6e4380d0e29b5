"""Parsers of the values of settings. They raise a ValueError, which lacks the setting's name."""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pinpoint_sms_emu.state.read_only import ReadOnlyDict
from pinpoint_sms_emu.wording import quoted


def read_seed(value: Any) -> int:
    """Parse the seed of the random source."""
    try:
        return whole_number()(value)
    except ValueError as error:
        raise ValueError(f"{error}; resources to start with are in a seed_file") from error


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("must be a text that is not empty")
    return str.__str__(value)


def choice_of(*choices: str) -> Callable[[Any], str]:
    """Return the parser of one of several words."""

    def read(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"must be {' or '.join(choices)}, not {quoted(value)}")
        # A member of an enumeration is equal to its text, but str() returns its name.
        return next(choice for choice in choices if choice == value)

    return read


# About thirty years, so that times do not overflow.
_LONGEST = 1e9


def _plain_number(value: Any) -> Any:
    """Refuse what Python alone takes for a number: flags, other digits, and underscores."""
    if isinstance(value, bool):
        raise TypeError("true and false are no numbers")
    if isinstance(value, str) and (not value.isascii() or "_" in value):
        raise ValueError("other programs do not read these digits")
    return value


def read_seconds(value: Any) -> float:
    """Parse a length of time in seconds."""
    try:
        seconds = float(_plain_number(value))
    except (TypeError, ValueError, OverflowError):
        seconds = -1.0
    if not 0 <= seconds <= _LONGEST:
        raise ValueError(
            f"must be a number of seconds from 0 to {_LONGEST:.0f}, not {quoted(value)}"
        )
    return seconds


def whole_number(least: int | None = None) -> Callable[[Any], int]:
    """Return the parser of a whole number."""

    def read(value: Any) -> int:
        try:
            number = int(value) if isinstance(_plain_number(value), str) else value
        except (TypeError, ValueError):
            number = None
        if not isinstance(number, int):
            raise ValueError(f"must be a whole number, not {quoted(value)}")
        if least is not None and number < least:
            raise ValueError(f"must be at least {least}, not {quoted(number)}")
        return int(number)

    return read


def read_flag(value: Any) -> bool:
    """Parse a setting that is true or false."""
    words = {"true": True, "1": True, "on": True, "yes": True}
    words |= {"false": False, "0": False, "off": False, "no": False}
    if isinstance(value, bool):
        return value
    if str(value).lower() not in words:
        raise ValueError(f"must be true or false, not {quoted(value)}")
    return words[str(value).lower()]


# A name or an address, with or without a port. Patterns and URLs would never match.
_HOST = re.compile(r"\[?[a-z0-9_.:-]+\]?(:[0-9]+)?", re.IGNORECASE)


def _texts(value: Any) -> Iterator[str]:
    """Parse texts: one with commas, or a sequence of them."""
    if isinstance(value, Mapping | bytes | bytearray):
        raise ValueError(f"must be a list of texts, not {quoted(value)}")
    return (_text(part).strip() for part in (value.split(",") if isinstance(value, str) else value))


def read_hosts(value: Any) -> tuple[str, ...]:
    """Parse host names."""
    hosts = tuple(_texts(value))
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise ValueError(f"must be host names such as sms.example.com, not {quoted(host)}")
    return hosts


def read_path(value: Any) -> Path:
    """Parse a path; a relative one refers to the current working directory."""
    if not isinstance(value, str | os.PathLike) or not str(value):
        raise ValueError(f"must be a path that is not empty, not {quoted(value)}")
    path = Path(_text(value) if isinstance(value, str) else value)
    try:
        path = path.absolute()
    except OSError as error:  # the working directory was deleted
        raise ValueError("must be an absolute path: there is no working directory") from error
    try:
        can_exist = b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        can_exist = False
    if not can_exist:
        raise ValueError(f"must be a path, and no file can have the name {quoted(str(value))}")
    return path


def read_path_or_mapping(value: Any) -> Path | Mapping[str, Any]:
    """Parse a path, or copy a mapping."""
    return copy.deepcopy(dict(value)) if isinstance(value, Mapping) else read_path(value)


def read_endpoint(value: Any) -> str:
    """Parse a URL, or the word aws."""
    if value != "aws" and not (isinstance(value, str) and _is_url(value)):
        raise ValueError(f"must be a URL or the word aws, not {quoted(value)}")
    return _text(value)


def _is_url(text: str) -> bool:
    """Return whether a text is a URL with a host, and a port that exists, if it has one."""
    if not text.isascii() or not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def read_urls(value: Any) -> tuple[str, ...]:
    """Parse URLs."""
    urls = tuple(_texts(value))
    for url in urls:
        if not _is_url(url):
            raise ValueError(f"must be URLs such as http://localhost:4566, not {quoted(url)}")
    return urls


def read_token(value: Any) -> str:
    """Parse an access token."""
    # A header cannot contain other characters.
    if not _text(value).isascii() or not value.isprintable():
        raise ValueError("must be ASCII characters that can be printed")
    return _text(value)


def read_parameters(value: Any) -> Mapping[str, str]:
    """Parse lines of `NAME=VALUE`, a list of such lines, or a mapping."""
    if not isinstance(value, str | list | tuple | Mapping):
        raise ValueError(f"must be NAME=VALUE, one a line, not {quoted(value)}")
    if not isinstance(value, Mapping):
        texts = [value] if isinstance(value, str) else value
        lines = [line for text in texts for line in text.splitlines()]
        parts = [line.partition("=") for line in lines if line.strip()]
        for name, equals, _ in parts:
            if not equals or not name.strip():
                raise ValueError(f"must be NAME=VALUE, one a line, not {quoted(name)}")
        value = {name.strip(): text for name, _, text in parts}
    return ReadOnlyDict({str(name): _parameter(each) for name, each in value.items()})


def _parameter(value: Any) -> str:
    """Spell the value of a parameter as CloudFormation does: lists with commas, flags in small."""
    if isinstance(value, list | tuple):
        return ",".join(map(_parameter, value))
    if not isinstance(value, str | bool | int | float):
        raise ValueError(f"must have texts as values, or lists of them, not {quoted(value)}")
    return str(value).lower() if isinstance(value, bool) else str(value)
