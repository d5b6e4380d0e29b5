"""The documented scenarios can be copied into another project."""

import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent / "docs"
GENERATE = runpy.run_path(str(DOCS / "generate.py"))


@pytest.mark.since("1.44")
def test_scenarios_pass_in_an_empty_project(pytester):
    """The scenarios pass with only the files that their page shows."""
    page = (DOCS / "scenarios.md").read_text()
    for found in GENERATE["COPY"].finditer(page):
        name = found["file"]
        is_scenario = name.startswith("tests/scenarios/")
        target = Path(name).name if is_scenario else name
        target = "conftest.py" if name.endswith("scenarios_conftest.py") else target
        path = pytester.path / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found["code"])

    result = pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:xdist")

    assert set(result.parseoutcomes()) == {"passed"}
