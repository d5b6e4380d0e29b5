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
    "wording",
    "wire.model",
    "errors",
    "replicas",
    "state.read_only",
    "setting_files",
    "setting_values",
    "settings",
    "state",
    "wire",
    "reference",
    "persistence.codec",
    "service.destinations",
    "service.filters",
    "service.limited_entries",
    "service.operations",
    "service.listing",
    "service.rules",
    "service.life_cycle",
    "service.throttling",
    "resources",
    "messaging",
    "sns",
    "service.faults",
    "service.account",
    "service.modules",
    "service.stacks",
    "service.state",
    "service.arrangements",
    "service.inventory",
    "service.dispatch",
    "service.why",
    "service.calls",
    "service.opt_outs",
    "permissions",
    "service.call_assertions",
    "service.help_texts",
    "service.explanations",
    "service.former_answers",
    "service.exchange",
    "service.request_handler",
    "service.background",
    "service.engine",
    "cloudformation",
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
    """Return the name of a module within the package."""
    name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
    return name.removesuffix(".__init__")


def layer_of(name: str) -> int:
    """Return the position of a module in the list."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        if ".".join(parts[:length]) in LAYERS:
            return LAYERS.index(".".join(parts[:length]))
    raise LookupError(f"{name} has no place in the list of layers")


def imports(tree: ast.AST, *, types: bool = False) -> Iterator[str]:
    """Yield the project's modules that a module imports.

    With `types`, also those for annotations.
    """
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test) and not types:
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
            yield from imports(node, types=types)


def inner_imports(path: Path, *, types: bool = False) -> set[str]:
    """The modules of the package that a module imports."""
    prefix = "pinpoint_sms_emu."
    found = imports(ast.parse(path.read_text()), types=types)
    return {each.removeprefix(prefix) for each in found if each.startswith(prefix)}


def is_module(name: str) -> bool:
    """Whether a dotted name is a module of the package."""
    path = PACKAGE.parent.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_modules_import_only_lower_layers(path):
    """This includes imports for annotations."""
    name = name_of(path)
    types = name != "__init__"  # which declares the public names for type checkers

    later = {each for each in inner_imports(path, types=types) if layer_of(each) > layer_of(name)}

    assert later - inner_imports(path) <= upward_types(name)
    assert later & inner_imports(path) == set()


# The one circle of types: an account has tables of resources, whose functions take the account, and
# resources name each other.
ACCOUNT = "service.account"
TAKE_AN_ACCOUNT = (
    "resources",
    "messaging",
    "sns",
    "service.life_cycle",
    "service.rules",
    "service.throttling",
)


def is_resource(name: str) -> bool:
    """Whether a module defines a kind of resource."""
    return name.startswith("resources.")


def upward_types(name: str) -> set[str]:
    """The higher modules whose types a module may use."""
    takes_one = any(name == each or name.startswith(f"{each}.") for each in TAKE_AN_ACCOUNT)
    return {ACCOUNT} if takes_one else set()


@pytest.mark.parametrize("types", [False, True], ids=["at run time", "with types"])
def test_there_are_no_import_cycles_within_a_layer(types):
    """Only the types of resources may refer to each other."""
    graph = {
        name_of(path): inner_imports(path, types=types and not is_resource(name_of(path)))
        - upward_types(name_of(path))
        for path in modules()
        if path != PACKAGE / "__init__.py"
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


def test_lower_layers_do_not_name_the_emulator():
    """Modules below `emulator` use a state or an account, in annotations too."""
    naming = {
        name_of(path)
        for path in modules()
        if path.name != "__init__.py" and layer_of(name_of(path)) < LAYERS.index("emulator")
        for node in ast.walk(ast.parse(path.read_text()))
        if "Emulator" in (getattr(node, "id", ""), getattr(node, "attr", ""))
        or (isinstance(node, ast.alias) and node.name == "Emulator")
    }

    assert naming == set()


LONGEST_MODULE = 400
LONGEST_TEST_FILE = 600


@pytest.mark.parametrize(
    ("folder", "most"),
    [(PACKAGE, LONGEST_MODULE), (Path(__file__).parent, LONGEST_TEST_FILE)],
    ids=["code", "tests"],
)
def test_no_file_is_too_long(folder, most):
    """Longer modules and test files are split by topic."""
    lengths = {
        str(path.relative_to(folder)): len(path.read_text().splitlines())
        for path in sorted(folder.rglob("*.py"))
    }

    assert {name: lines for name, lines in lengths.items() if lines > most} == {}


def test_every_layer_has_modules():
    """Every layer in the list has modules."""
    names = {name_of(path) for path in modules()}
    absent = {
        layer
        for layer in LAYERS
        if not any(name == layer or name.startswith(f"{layer}.") for name in names)
    }

    assert absent == set()


SERVED = """
from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.doors.http import server
from pinpoint_sms_emu.service import modules
server.Application(Emulator())
"""


@pytest.mark.parametrize(
    ("code", "needless"),
    [
        (
            "from pinpoint_sms_emu import mock_sms\nwith mock_sms(): pass",
            (
                "pinpoint_sms_emu.service.account unittest tomllib difflib werkzeug "
                "pinpoint_sms_emu.messaging.events.records pinpoint_sms_emu.reference.countries "
                "pinpoint_sms_emu.service.explanations pinpoint_sms_emu.messaging.codes"
            ),
        ),
        (
            SERVED,
            "werkzeug tomllib botocore.session",
        ),
    ],
    ids=["block", "server"],
)
def test_modules_are_loaded_on_demand(code, needless):
    """An empty block loads no operation, and a server loads the control plane on demand."""
    code += f"\nimport sys; print(*set({needless.split()}) & sys.modules.keys())"
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True)

    assert loaded.split() == []
