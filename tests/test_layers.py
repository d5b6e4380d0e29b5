"""A module never imports one that comes later in this list, which reads from the ground up."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import pinpoint_sms_emu

PACKAGE = Path(pinpoint_sms_emu.__file__).parent

# In the order of imports; a module takes the place of the longest entry that it begins with.
LAYERS = (
    "__init__",  # finds the public names on their first use, by import_module
    "wire.model",
    "errors",
    "settings",
    "state",
    "wire",
    "reference",
    "persistence.codec",
    "service.operations",
    "service.listing",
    "service.rules",
    "service.life_cycle",
    "service.destinations",
    "service.throttling",
    "resources",
    "messaging",
    "service.faults",
    "service.account",
    "service.modules",
    "service.state",
    "service.arrangements",
    "service.inventory",
    "service.dispatch",
    "service.calls",
    "service.call_assertions",
    "service.circumstances",
    "service.why",
    "service.engine",
    "seed",
    "persistence",
    "api",
    "emulator",
    "control",
    "doors",
    "__main__",
)


def modules() -> list[Path]:
    """Every module of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    """The name of a module within the package."""
    name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
    return name.removesuffix(".__init__")


def layer_of(name: str) -> int:
    """The place of a module in the list."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        if ".".join(parts[:length]) in LAYERS:
            return LAYERS.index(".".join(parts[:length]))
    raise LookupError(f"{name} has no place in the list of layers")


def imports(tree: ast.AST) -> Iterator[str]:
    """Go through what a module imports of ours, but not what only type checkers see."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for other in node.orelse:
                yield from imports(other)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if is_module(whole) else str(node.module)
        else:
            yield from imports(node)


def is_module(name: str) -> bool:
    """Whether a dotted name is a module of ours."""
    path = PACKAGE.parent.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_nothing_later_is_imported(path):
    """Each module imports only what comes before it, or its neighbours."""
    name = name_of(path)
    for imported in imports(ast.parse(path.read_text())):
        inside = imported.removeprefix("pinpoint_sms_emu").removeprefix(".")
        if imported.startswith("pinpoint_sms_emu") and inside:
            assert layer_of(inside) <= layer_of(name), f"{name} imports {inside}"


def test_neighbours_do_not_import_each_other_in_circles():
    """Within one layer, too, imports have an order."""
    graph = {
        name_of(path): {
            each.removeprefix("pinpoint_sms_emu.")
            for each in imports(ast.parse(path.read_text()))
            if each.startswith("pinpoint_sms_emu.")
        }
        for path in modules()
    }
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " imports ".join([*above[above.index(name) :], name])
        if name not in done:
            for each in graph.get(name, ()):
                visit(each, (*above, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_every_layer_is_there():
    """An entry of the list that no module is left for goes."""
    names = {name_of(path) for path in modules()}
    absent = {
        layer
        for layer in LAYERS
        if not any(name == layer or name.startswith(f"{layer}.") for name in names)
    }

    assert absent == set()


SERVED = """
from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.doors import server
from pinpoint_sms_emu.service import modules
server.Application(Emulator())
"""


@pytest.mark.parametrize(
    ("code", "needless"),
    [
        (
            "from pinpoint_sms_emu import mock_sms\nwith mock_sms(): pass",
            "pinpoint_sms_emu.service.account unittest tomllib difflib werkzeug",
        ),
        (
            SERVED,
            "werkzeug tomllib botocore.session",
        ),
    ],
    ids=["block", "server"],
)
def test_what_is_not_needed_is_not_loaded(code, needless):
    """An empty block loads no operation, and a server that nobody has asked no control plane."""
    code += f"\nimport sys; print(*set({needless.split()}) & sys.modules.keys())"
    told = subprocess.check_output([sys.executable, "-c", code], text=True)

    assert told.split() == []
