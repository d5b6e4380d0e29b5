"""The benchmark command and its history."""

import importlib.util
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import history
from benchmarks.measuring import Row
from benchmarks.parts import PARTS

ROOT = Path(__file__).parent.parent
HELD = Row("a call over another", 1.1, 1.2, 1.0)
NOT_HELD = Row("a call over a third", 1.3, 1.2, 1.0)
MORE = Row("calls per second over another's", 13.0, 12, 25, more_is_better=True)


@pytest.fixture
def run(monkeypatch, tmp_path, capsys):
    """Run the command with these results; return the status and the output."""
    monkeypatch.setattr(history, "FILE", tmp_path / "history.jsonl")
    monkeypatch.setattr(command, "bare_environment", lambda: None)

    def run(*rows: Row, arguments=("memory",)):
        monkeypatch.setattr(command, "in_its_own_process", lambda _part: iter(rows))
        return command.main(arguments), capsys.readouterr().out

    return run


@pytest.mark.parametrize("part", PARTS)
def test_every_benchmark_can_be_imported(part):
    """Each part of the table is a module that measures."""
    assert callable(import_module(f"benchmarks.{part}").measure)


def test_passing_gates_are_success(run):
    """If all rows are within their gates, the status is 0."""
    status, result = run(HELD, MORE)

    assert status == 0
    assert "NOT HELD" not in result
    assert "≤ 1.2" in result
    assert "≥ 12" in result


@pytest.mark.parametrize("row", [NOT_HELD, Row("calls", 11.9, 12, 25, more_is_better=True)])
def test_a_missed_gate_is_reported(run, row):
    """A result that misses its gate is named, and the status is 1."""
    status, result = run(HELD, row)

    assert status == 1
    assert [line.split()[0] for line in result.splitlines() if "NOT HELD" in line] == [
        row.what.split()[0]
    ]


def test_an_unknown_benchmark_is_wrong_usage(run):
    """It is refused before anything is measured."""
    with pytest.raises(SystemExit) as ended:
        run(HELD, arguments=("speed",))

    assert ended.value.code == 2


def test_a_run_is_recorded_with_the_option(run):
    """Only --record stores the results."""
    run(HELD)
    assert history.runs() == []

    run(HELD, arguments=("memory", "--record"))
    [recorded] = history.runs()
    _, result = run(Row(HELD.what, 1.15, 1.2, 1.0))

    assert recorded["rows"] == [
        {"what": HELD.what, "value": 1.1, "unit": "x", "must_be": "≤ 1.2", "goal": 1.0}
    ]
    assert "1.150x    1.100x" in result


def test_the_history_can_be_read():
    """Each recorded run has a table, and the documentation shows the latest one."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    listed = generate.on_page_markdown((ROOT / "docs" / "speed.md").read_text())

    runs = history.runs()

    assert all(row["must_be"][0] in "≤≥" for run in runs for row in run["rows"])
    assert [
        row["what"] for run in runs[-1:] for row in run["rows"] if row["what"] not in listed
    ] == []


def test_a_failing_benchmark_is_reported():
    """If a measurement fails, the run ends with a sentence and without a table."""
    code = "from benchmarks import parts\nlist(parts.in_its_own_process('nothing'))"
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 1
    assert "The part nothing could not be measured." in ended.stderr
