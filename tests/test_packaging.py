"""The wheel and the source archive have exactly the expected files and metadata."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

import pinpoint_sms_emu

ROOT = Path(__file__).parents[1]
ADD_ON = tomllib.loads((ROOT / "addons/localstack/pyproject.toml").read_text())["project"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
METADATA = f"pinpoint_sms_emu-{pinpoint_sms_emu.__version__}.dist-info"


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A folder with the source archive, and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture(scope="module")
def wheel(built) -> zipfile.ZipFile:
    """The wheel, opened."""
    (path,) = built.glob("*.whl")
    with zipfile.ZipFile(path) as opened:
        yield opened


def package_files() -> set[str]:
    """Every file of the package in the repository, without compiled ones."""
    return {
        str(path.relative_to(ROOT))
        for path in (ROOT / "pinpoint_sms_emu").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


def test_the_wheel_holds_the_package_and_nothing_else(wheel):
    """It has every module, the page and the data, without tests and tools."""
    names = set(wheel.namelist())

    assert {name for name in names if not name.startswith(METADATA)} == package_files()
    assert "pinpoint_sms_emu/py.typed" in names


def test_the_wheel_has_its_metadata(wheel):
    """They have version, licence, Python versions and the README."""
    metadata = message_from_bytes(wheel.read(f"{METADATA}/METADATA"))

    assert metadata["Name"] == "pinpoint-sms-emu"
    assert metadata["Version"] == pinpoint_sms_emu.__version__
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert metadata.get_payload().strip() == (ROOT / "README.md").read_text().strip()
    assert f"{METADATA}/licenses/LICENSE" in wheel.namelist()


def test_there_are_five_dependencies(wheel):
    """The dependencies of extras are optional."""
    metadata = message_from_bytes(wheel.read(f"{METADATA}/METADATA"))
    named = metadata.get_all("Requires-Dist")
    needed = sorted(each.partition(">")[0] for each in named if "extra ==" not in each)

    assert needed == ["botocore", "phonenumbers", "rich", "shtab", "werkzeug"]


def test_the_wheel_has_its_entry_points(wheel):
    """Installing it provides the command and the pytest plugin."""
    entries = wheel.read(f"{METADATA}/entry_points.txt").decode()

    assert "pinpoint-sms-emu = pinpoint_sms_emu.__main__:main" in entries
    assert "[pytest11]\npinpoint_sms_emu = pinpoint_sms_emu.doors.pytest_plugin" in entries


def test_the_source_archive_is_complete(built):
    """It has everything to build and test, and no generated files."""
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    wanted = {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "Makefile", "Dockerfile"}
    assert wanted | {"compose.yaml", "constraints.txt", "tests/test_packaging.py"} <= names
    assert package_files() <= names
    assert [name for name in names if name.endswith(".pyc") or name.startswith(".venv")] == []


def test_the_installed_wheel_works(built, tmp_path):
    """The installed command runs, and prints the version."""
    (path,) = built.glob("*.whl")
    target = tmp_path / "installed"
    install = ("pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(target))
    subprocess.run([sys.executable, "-m", *install, str(path)], check=True, capture_output=True)

    current = subprocess.run(
        [sys.executable, str(target / "bin" / "pinpoint-sms-emu"), "--version"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(target)},
    )
    found = subprocess.run(
        [sys.executable, "-c", "import pinpoint_sms_emu as p; print(p.Emulator.__module__, p)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(target)},
    )

    assert current.stdout == f"pinpoint-sms-emu {pinpoint_sms_emu.__version__}\n"
    assert str(target) in found.stdout


def test_both_type_checkers_run():
    """`make check` runs mypy and pyright, the latter for the public API."""
    check = (ROOT / "Makefile").read_text().partition("\ncheck:")[2].partition("\n\n")[0]

    assert "/mypy" in check
    assert "/pyright" in check
    assert PROJECT["tool"]["pyright"]["include"] == ["tests/typing"]
    assert PROJECT["tool"]["pyright"]["typeCheckingMode"] == "strict"
    assert "tests" in PROJECT["tool"]["mypy"]["files"]


def test_the_version_is_written_once():
    """The version is in the package, and all other files read it there."""
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert PROJECT["tool"]["hatch"]["version"]["path"] == "pinpoint_sms_emu/__init__.py"
    assert f"\n## [{pinpoint_sms_emu.__version__}]" in (ROOT / "CHANGELOG.md").read_text()


def test_every_dependency_has_a_reason():
    """Each dependency in pyproject.toml has a comment with its purpose."""
    text = (ROOT / "pyproject.toml").read_text()
    block = text.partition("\ndependencies = [\n")[2].partition("\n]")[0]

    assert len(block.splitlines()) == len(PROJECT["project"]["dependencies"])
    assert all(" # " in line for line in block.splitlines())


def test_the_installed_package_is_typed():
    """It has a py.typed file."""
    assert Path(pinpoint_sms_emu.__file__).with_name("py.typed").exists()


def test_no_package_index_or_local_folder_is_named():
    """No committed file names a package index, or a folder of one machine."""
    listed = subprocess.run(
        ["git", "ls-files", "*.txt", "*.toml", "Makefile", "Dockerfile", ".ci/*", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.splitlines()
    forbidden = [
        "pypi" + ".org",
        "deb." + "debian",
        "npmjs" + ".org",
        "index" + "-url",
        "/work" + "/",
    ]

    found = [
        (name, word)
        for name in listed
        for word in forbidden
        if word in (ROOT / name).read_text(errors="replace")
    ]
    assert found == []


def test_the_add_on_has_the_same_version():
    """The add-on for LocalStack requires exactly this version."""
    assert ADD_ON["version"] == pinpoint_sms_emu.__version__
    assert f"pinpoint-sms-emu=={pinpoint_sms_emu.__version__}" in ADD_ON["dependencies"]
