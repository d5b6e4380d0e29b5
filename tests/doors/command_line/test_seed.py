"""`seed`: files are checked and written without a server, and exported from one."""

from __future__ import annotations

from pinpoint_sms_emu import Emulator
from tests.doors.serving import run


def test_a_new_file_has_no_mistakes(tmp_path):
    """What `seed init` writes is checked without a server, and can be served."""
    file = tmp_path / "seed.toml"

    assert run("seed", "init", str(file)).returncode == 0
    checked = run("seed", "check", str(file), PINPOINT_SMS_EMU_URL="http://127.0.0.1:9")

    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout == f"No mistakes in {file}.\n"
    assert len(Emulator(seed_file=file).numbers) == 1
    assert run("seed", "init").stdout == file.read_text()


def test_nothing_is_overwritten(tmp_path):
    """An existing file is not overwritten."""
    file = tmp_path / "seed.toml"
    file.write_text("mine")

    finished = run("seed", "init", str(file))

    assert finished.returncode == 1
    sentence = f"pinpoint-sms-emu seed init: {file} exists already; choose another name\n"
    assert finished.stderr == sentence
    assert file.read_text() == "mine"


def test_all_mistakes_are_printed(tmp_path):
    """`seed check` prints a line for each mistake, and ends with status 1."""
    file = tmp_path / "seed.toml"
    file.write_text('[[phone_numbers]]\nphone_number = "12"\n\n[[pool]]\npool_id = "p"\n')

    finished = run("seed", "check", str(file))

    assert finished.returncode == 1
    first, second = finished.stdout.splitlines()
    assert first.startswith(f"{file}, line 1, phone_numbers[0]: ")
    assert second == f"{file}, line 4, pool: is unknown; did you mean pools?"
    assert finished.stderr == f"2 mistakes in {file}.\n"


def test_a_running_server_is_exported(command, tmp_path):
    """`seed export` writes a file, or to standard output, that creates the same resources."""
    file = tmp_path / "seed.toml"

    printed = command("seed", "export")
    assert command("seed", "export", str(file)) == ""

    assert file.read_text() == printed
    assert run("seed", "check", str(file)).returncode == 0
    assert [each.phone_number for each in Emulator(seed_file=file).numbers] == ["+12065550100"]
