"""Settings: they are read once, completely, and typed."""

from __future__ import annotations

import errno
import os
import typing
from dataclasses import fields
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from pinpoint_sms_emu import setting_files
from pinpoint_sms_emu.doors.command_line import main
from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.settings import STRICT, Settings, SettingsArguments


def test_typed_arguments_equal_the_settings():
    """They have the same names in the same order."""
    assert list(typing.get_type_hints(SettingsArguments)) == [
        each.name for each in fields(Settings)
    ]


# Every setting that can be a path, and what a file of it can contain.
PATHS = {
    each.name: {"signing_keys": "KEY SECRET", "policies": "{}"}.get(each.name, "")
    for each in fields(Settings)
    if "Path" in str(each.type)
}


@pytest.mark.parametrize("name", PATHS)
def test_relative_paths_are_resolved_at_once(name, tmp_path, monkeypatch):
    """A relative path stays the same when the process changes its directory, and at a reset."""
    monkeypatch.chdir(tmp_path)
    file = f"state{'.json' * (name == 'policies')}"
    if name != "data_dir":
        Path(file).write_text(PATHS[name])
    emulator = Emulator(**{name: file})
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    for _ in range(2):
        assert getattr(emulator.settings, name) == tmp_path / file
        emulator.reset(seed=7)
    emulator.close()


@pytest.mark.parametrize(
    ("setting", "name", "text"),
    [
        ("seed_file", "seed.toml", "[[phone_numbers]]\nphone_number = '+12065550100'\n"),
        (
            "seed_file",
            "template.json",
            '{"Resources": {"L": {"Type": "AWS::SMSVOICE::OptOutList"}}}',
        ),
        ("seed_file", "template.yaml", "Resources: {L: {Type: AWS::SMSVOICE::OptOutList}}"),
        ("policies", "policies.json", '{"KEY": {"Statement": []}}'),
        ("policies", "policies.yaml", "KEY: {Statement: []}"),
        ("signing_keys", "keys", "KEY SECRET"),
    ],
)
def test_a_file_with_a_byte_order_mark(setting, name, text, tmp_path):
    """Editors on Windows begin a file with one; it is no part of the text."""
    (tmp_path / name).write_text(text, "utf-8-sig")

    Emulator(**{setting: tmp_path / name})


each_file = pytest.mark.parametrize(
    ("setting", "name"),
    [
        ("seed_file", "seed.toml"),
        ("seed_file", "template.yaml"),
        ("policies", "policies.json"),
        ("signing_keys", "keys"),
    ],
)


@each_file
def test_a_file_in_another_encoding(setting, name, tmp_path):
    """The file is named in a sentence, without Python's words."""
    (tmp_path / name).write_text("KEY SECRET", "utf-16")

    with pytest.raises(ValueError, match=f"{name}.* is not UTF-8$"):
        Emulator(**{setting: tmp_path / name})


@each_file
def test_a_file_of_another_user(setting, name, tmp_path, monkeypatch):
    """The error names the user, who in a container is not the one who wrote the file."""
    (tmp_path / name).write_text("KEY SECRET")

    def refuse(*_: Any) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(setting_files, "read_at_most", refuse)

    with pytest.raises(ValueError, match=f"{name}.*: user {os.getuid()} may not read it$"):
        Emulator(**{setting: tmp_path / name})


@pytest.mark.skipif(os.name != "posix", reason="there is no such device")
@each_file
def test_a_file_without_an_end(setting, name, tmp_path):
    """A device, or a file that was meant for something else, does not fill the memory."""
    (tmp_path / name).symlink_to("/dev/zero")

    with pytest.raises(ValueError, match=f"{name}.* cannot be read: it is larger than 64 MiB$"):
        Emulator(**{setting: tmp_path / name})


@pytest.mark.skipif(os.name != "posix", reason="a working directory cannot be deleted here")
@pytest.mark.parametrize("name", PATHS)
def test_a_relative_path_without_a_working_directory(name, tmp_path, monkeypatch):
    """The error says so; an absolute path can be used."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()

    with pytest.raises(ValueError, match=f"{name} must be an absolute path: there is no working"):
        Settings.of(**{name: "here"})
    assert getattr(Settings.of(**{name: tmp_path / "here"}), name) == tmp_path / "here"


def test_paths_can_be_path_objects():
    """Everything that `os.fspath` accepts is a path."""
    assert Settings.of(data_dir=os.fspath("/data")).data_dir == Path("/data")
    assert Settings.of(data_dir=Path("/data")).data_dir == Path("/data")


@pytest.mark.parametrize("name", ["seed_file", "policies"])
def test_a_mapping_is_copied(name):
    """Later changes to an argument do not change the setting."""
    given = {"outer": {"inner": 1}}
    settings = Settings.of(**{name: given})
    given["outer"]["inner"] = 2

    assert getattr(settings, name) == {"outer": {"inner": 1}}


def test_a_seed_file_may_be_a_mapping():
    """In Python, a mapping with the members of the file is accepted."""
    emulator = Emulator(seed_file={"opt_out_lists": [{"opt_out_list_name": "Marketing"}]})

    (account,) = engine_of(emulator).state.accounts.values()
    assert [each.id for each in account.opt_out_lists] == ["Default", "Marketing"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"sed": 7}, "there is no setting sed; did you mean seed?"),
        ({"c" * 1000: 7}, "there is no setting ccc"),
        ({"quotas": {"POOLS": 3}}, "quotas has no POOLS; "),
        ({"quotas": {"Q" * 1000: 3}}, "quotas has no QQQ"),
        ({"account_tier": "x" * 1000}, "account_tier must be PRODUCTION or SANDBOX, not 'xxx"),
        ({"access_token": "gehéim"}, "access_token must be ASCII characters"),
        ({"access_token": "a\nb"}, "access_token must be ASCII characters"),
        ({"access_token": ""}, "access_token must be a text that is not empty"),
        ({"max_calls": -1}, "max_calls must be at least 0, not -1"),
        ({"durability": "disk"}, "durability must be process or machine, not 'disk'"),
        ({"pass_through": ["localhost:4566"]}, "pass_through must be URLs such as"),
        ({"like_aws": "loosely"}, "like_aws must be strict, not 'loosely'"),
        ({"explain": "perhaps"}, "explain must be true or false, not 'perhaps'"),
        ({"policies": ""}, "policies must be a path that is not empty"),
        ({"policies": 3}, "policies "),
        ({"policies_mode": "warn"}, "policies_mode must be enforce or report, not 'warn'"),
        ({"sns_sms": 2}, "sns_sms must be true or false, not 2"),
        ({"seed_parameters": "Name"}, "seed_parameters must be NAME=VALUE, one a line, not 'Name'"),
        ({"seed_parameters": 5}, "seed_parameters must be NAME=VALUE, one a line, not 5"),
        ({"seed_parameters": "=x"}, "seed_parameters must be NAME=VALUE, one a line, not ''"),
    ],
)
def test_invalid_values_are_one_sentence(given, sentence):
    """The error names the setting."""
    with pytest.raises(ValueError, match=sentence) as refused:
        Settings.of(**given)

    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 300


class Word(str, Enum):  # noqa: UP042  StrEnum has another str()
    """Words that a project keeps in an enumeration; str() gives their names."""

    TIER = "SANDBOX"
    MODE = "report"
    URL = "http://localhost:4566"


@pytest.mark.parametrize(
    ("name", "word", "read"),
    [
        ("account_tier", Word.TIER, "SANDBOX"),
        ("policies_mode", Word.MODE, "report"),
        ("access_token", Word.MODE, "report"),
        ("events_endpoint_url", Word.URL, "http://localhost:4566"),
        ("pass_through", [Word.URL], ("http://localhost:4566",)),
        ("allowed_hosts", [Word.MODE], ("report",)),
        ("seed_file", Word.MODE, Path("report").absolute()),
    ],
)
def test_a_member_of_an_enumeration_is_its_text(name, word, read):
    """An enumeration of texts has the meaning of the text, not of its name."""
    value = getattr(Settings.of(**{name: word}), name)

    assert value == read
    assert type(value) is type(read)


# Values that no setting takes, whatever its type, and those that no number may be.
NEVER = [object(), [None], [[]], {1: 2}, b"x", 3.5j, "\ud800", "a\0b", float("nan")]
NO_NUMBER = [True, "1_000", "١٢", "9" * 5000, "1e400", [1], {}, ""]
NUMBERS = ("transition_seconds", "delivery_seconds", "max_messages", "seed", "max_calls")
# A mapping is a seed or policies, and parameters may have any name.
TAKEN = {"seed_file": [{1: 2}], "policies": [{1: 2}], "seed_parameters": [{1: 2}]}


@pytest.mark.parametrize("name", [each.name for each in fields(Settings)])
def test_a_value_of_a_wrong_type_is_one_sentence(name):
    """Whatever a setting is given, it is refused by name where it is read, or it works."""
    wrong = [*NEVER, *(NO_NUMBER if name in NUMBERS else ())]
    for value in [each for each in wrong if each not in TAKEN.get(name, ())]:
        with pytest.raises(ValueError, match=f"^{name} ") as refused:
            Settings.of(**{name: value})

        assert "\n" not in str(refused.value)
        assert len(str(refused.value)) < 300


@pytest.mark.parametrize("name", ["events_endpoint_url", "s3_endpoint_url", "pass_through"])
@pytest.mark.parametrize(
    "url",
    ["http://", "https://[", "http://x:99999", "http://x:0", "http://a b", "http://\0", "ftp://x"],
)
def test_a_url_can_be_called(name, url):
    """A URL without a host or with an impossible port is refused when it is set."""
    with pytest.raises(ValueError, match=f"^{name} must be (a URL|URLs)"):
        Settings.of(**{name: url})


@pytest.mark.parametrize(
    "given",
    ["Name=ACME\nStage=a=b\n", ["Name=ACME", "Stage=a=b"], {"Name": "ACME", "Stage": "a=b"}],
)
def test_forms_of_seed_parameters(given):
    """They are lines, a list of lines, or a mapping."""
    assert Settings.of(seed_parameters=given).seed_parameters == {"Name": "ACME", "Stage": "a=b"}


def test_seed_parameters_of_the_command_line(monkeypatch):
    """The option can be repeated, the variable has one per line; the option overrides it."""
    monkeypatch.setenv("PINPOINT_SMS_EMU_SEED_PARAMETERS", "Name=ACME\nStage=test")
    options = ["--seed-parameters", "Stage=prod", "--seed-parameters", "More=1"]

    chosen = main.build_parser().parse_args(["serve", *options])

    read = Settings.of(seed_parameters=chosen.seed_parameters).seed_parameters
    assert read == {"Name": "ACME", "Stage": "prod", "More": "1"}


def test_forms_of_pass_through():
    """URLs are separated by commas, or a list."""
    both = ("http://localhost:4566", "https://sms.example.com")

    assert Settings.of(pass_through=",".join(both)).pass_through == both
    assert Settings.of(pass_through=list(both)).pass_through == both


def test_like_aws_sets_other_settings():
    """`like_aws="strict"` sets the values of a fresh AWS account."""
    settings = Settings.of(like_aws="strict")

    assert {name: getattr(settings, name) for name in STRICT} == STRICT
    assert settings.is_strict
    assert not Settings().is_strict


@pytest.mark.parametrize("name", STRICT)
def test_explicit_settings_override_like_aws(name):
    """This holds even for a default value."""
    usual = getattr(Settings(), name)

    assert usual != STRICT[name]
    assert getattr(Settings.of(like_aws="strict", **{name: usual}), name) == usual


@pytest.mark.parametrize("name", [each.name for each in fields(Settings)])
def test_a_setting_cannot_be_assigned(name):
    """An attribute with its name would have no effect: the error says what has."""
    emulator = Emulator()

    with pytest.raises(AttributeError, match=rf"{name} is a setting: .* to reset\(\)"):
        setattr(emulator, name, None)
