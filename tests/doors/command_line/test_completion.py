"""Shells complete commands, options, the values of an option, and files."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys

import pytest

from pinpoint_sms_emu.doors.command_line.completion import SHELLS
from tests.doors.serving import run

FUNCTION = "_shtab_pinpoint_sms_emu"


def script_for(shell: str) -> str:
    """The script of a shell."""
    finished = run("completion", shell)
    assert (finished.returncode, finished.stderr) == (0, "")
    return finished.stdout


def complete_in_bash(line: str, folder, _offered) -> list[str]:
    """What bash offers for the last word of a line, which may be empty."""
    words = line.split(" ")
    script = script_for("bash") + (
        f"COMP_WORDS=({' '.join(word or repr('') for word in words)}); "
        f"COMP_CWORD={len(words) - 1}; {FUNCTION}; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    )
    finished = subprocess.run(
        ["bash", "--norc", "-c", script], capture_output=True, text=True, check=True, cwd=folder
    )
    return finished.stdout.splitlines()


def complete_in_fish(line: str, folder, _offered) -> list[str]:
    """What fish offers for the last word of a line."""
    script = script_for("fish") + f"complete -C {shlex.quote(line)}"
    finished = subprocess.run(
        ["fish", "--no-config", "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
    )
    return [offered.partition("\t")[0] for offered in finished.stdout.splitlines()]


def complete_in_zsh(line: str, folder, offered) -> set[str]:
    """What zsh offers for the last word of a line, typed into a zsh on a terminal of its own.

    What else stands on the terminal is zsh's, so this waits until all that is expected is there.
    """
    # A script that is evaluated registers itself; one that is sourced would run at once.
    (folder / "setup").write_text(
        f"PROMPT=; autoload -Uz compinit; compinit -u -D\neval {shlex.quote(script_for('zsh'))}\n"
        "bindkey '^I' complete-word; setopt auto_list no_list_ambiguous; print \"REA\"DY"
    )
    awaited = "\n".join(
        f"zpty -r z out {shlex.quote('*' + word.replace(' ', chr(92) * 2 + ' ') + '*')}"
        for word in sorted(offered)
    )
    steps = f"""
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'source {folder}/setup'
zpty -r z out '*READY*'
zpty -n -w z {shlex.quote(line)}$'\\t'
{awaited}
"""
    subprocess.run(["zsh", "-f", "-c", steps], check=True, cwd=folder, timeout=10)
    return offered


COMPLETE = {"bash": complete_in_bash, "zsh": complete_in_zsh, "fish": complete_in_fish}


@pytest.mark.parametrize(
    "shell",
    [
        "bash",
        *(pytest.param(each, marks=pytest.mark.needs("shells")) for each in ("zsh", "fish")),
    ],
)
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("pinpoint-sms-emu oper", {"operations"}),
        ("pinpoint-sms-emu clock f", {"freeze"}),
        ("pinpoint-sms-emu messages --rec", {"--recipient"}),
        ("pinpoint-sms-emu messages --channel ", {"text", "media", "voice", "rcs"}),
        ("pinpoint-sms-emu serve --log-level w", {"warning"}),
        ("pinpoint-sms-emu completion ba", {"bash"}),
        ("pinpoint-sms-emu state load be", {"before the test.json"}),
        ("pinpoint-sms-emu serve --seed-file be", {"before the test.json"}),
        ("pinpoint-sms-emu messages --json --sen", {"--sender"}),
    ],
)
def test_shells_complete(shell, line, offered, tmp_path):
    """Each shell offers commands, options, the values of an option, and files with spaces."""
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell}")
    (tmp_path / "before the test.json").touch()

    assert set(COMPLETE[shell](line, tmp_path, offered)) == offered


def test_every_shell_is_tried():
    """Each offered script is tested."""
    assert set(COMPLETE) == set(SHELLS)


def test_an_unknown_shell():
    """An unknown shell is wrong usage."""
    finished = run("completion", "tcsh")

    assert finished.returncode == 2
    assert "bash" in finished.stderr


@pytest.mark.parametrize(
    ("code", "needless"),
    [
        ("main.build_parser()", "rich shtab botocore json.tool granian werkzeug unittest"),
        ("main.main(['completion', 'bash'])", "rich botocore werkzeug"),
        (
            "main.main(['segments', 'Hello'])",
            "pinpoint_sms_emu.doors.command_line.serve pinpoint_sms_emu.doors.command_line.doctor",
        ),
    ],
)
def test_nothing_is_loaded_before_it_is_needed(code, needless):
    """The parser loads no library that a command has for itself."""
    program = f"""
import sys
from pinpoint_sms_emu.doors.command_line import main
{code}
print(*set({needless.split()}) & sys.modules.keys(), file=sys.stderr)
"""
    finished = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert finished.stderr.split() == []
