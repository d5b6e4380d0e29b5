"""Files that commands write: whole, or not at all."""

import os
import stat
import subprocess
import sys
import threading

import pytest

from pinpoint_sms_emu.doors.command_line.whole_files import write_file
from tests.doors.serving import environment

# Runs a command on a disk on which files have at most ten bytes.
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
from pinpoint_sms_emu.doors.command_line.main import main
sys.exit(main())
"""
FORMER = "former"


def run_limited(server, *arguments):
    """Run a command on that disk."""
    return subprocess.run(
        [sys.executable, "-c", LIMITED, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=environment(PINPOINT_SMS_EMU_URL=server.url),
    )


@pytest.mark.parametrize("command", [("state", "save"), ("seed", "export")], ids=" ".join)
def test_a_failed_write_leaves_the_former_file(server, tmp_path, command):
    """The error names the file."""
    file = tmp_path / "file"
    file.write_text(FORMER)

    finished = run_limited(server, *command, str(file))

    assert finished.returncode == 1
    assert finished.stderr.endswith(
        f"pinpoint-sms-emu {' '.join(command)}: {file}: File too large\n"
    )
    assert file.read_text() == FORMER
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_failed_write_leaves_no_new_file(server, tmp_path):
    """`seed init` can be repeated with the same name."""
    finished = run_limited(server, "seed", "init", str(tmp_path / "file"))

    assert finished.returncode == 1
    assert list(tmp_path.iterdir()) == []


def test_a_file_keeps_its_mode_and_its_links(tmp_path):
    """Another file takes its place, but those who could read it still can."""
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text(FORMER)
    file.chmod(0o640)
    link.symlink_to("file")

    write_file(link, b"new")

    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("new", 0o640)
    assert link.is_symlink()


def test_a_pipe_is_written_to(tmp_path):
    """What is no regular file is not replaced."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=write_file, args=(pipe, b"content"))
    writer.start()

    assert pipe.read_bytes() == b"content"
    writer.join()
    assert pipe.is_fifo()


def test_an_impossible_place_is_named(tmp_path):
    """A folder that does not exist, and a folder in place of a file."""
    with pytest.raises(OSError, match=r"No such file or directory: .*nowhere/file"):
        write_file(tmp_path / "nowhere" / "file", b"")
    with pytest.raises(OSError, match=f"Is a directory: '{tmp_path}'"):
        write_file(tmp_path, b"")
