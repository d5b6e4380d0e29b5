"""Mistakes in templates, with their places."""

from __future__ import annotations

from pinpoint_sms_emu.wording import one_line

# A place in a template: names of members, and indexes of entries.
Path = tuple[str | int, ...]


class TemplateMistake(Exception):  # noqa: N818  it is a mistake of the template's author
    """A mistake in a template, and its place."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(why)
        self.path = path
        self.why = why

    def __str__(self) -> str:
        place = place_of(self.path)
        return one_line(f"{place}: {self.why}" if place else self.why)


class NotMadeError(Exception):
    """A value is unknown, because its resource has a mistake of its own."""


def place_of(path: Path) -> str:
    """Return a place in CloudFormation's form: `Resources.Pool.Properties.Tags[0]`."""
    steps = (f"[{each}]" if isinstance(each, int) else f".{each!s:.80}" for each in path)
    return "".join(steps).lstrip(".")
