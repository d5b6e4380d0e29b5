"""What is wrong with a template, and where."""

from __future__ import annotations

# The way to a place in a template: names of members, and numbers of entries.
Path = tuple[str | int, ...]


class TemplateMistake(Exception):  # noqa: N818  it is a mistake of the template's author
    """Something in a template that cannot be, and where."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(why)
        self.path = path
        self.why = why

    def __str__(self) -> str:
        place = place_of(self.path)
        return f"{place}: {self.why}" if place else self.why


class NotMadeError(Exception):
    """A value is that of a resource with a mistake of its own, so nobody knows it."""


def place_of(path: Path) -> str:
    """Spell a place as CloudFormation does: `Resources.Pool.Properties.Tags[0]`."""
    steps = (f"[{each}]" if isinstance(each, int) else f".{each}" for each in path)
    return "".join(steps).lstrip(".")
