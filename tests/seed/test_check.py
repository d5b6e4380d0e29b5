"""All mistakes of a seed file are found at once, each with its line, without consequences."""

from __future__ import annotations

import pytest

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.seed.seed_file import find_mistakes

ALL_WRONG = """\
colour = "red"

[[opt_out_lists]]
opt_out_list_name = "Marketing"
opted_out_numbers = ["+14255550199", "soon", "+1"]

[[phone_numbers]]
phone_number = "+12065550100"
number_typ = "TOLL_FREE"
opt_out_list_name = "Marketing"
keywords = [
    { keyword = "YES", keyword_message = "Thank you" },
    { keyword = "NO", keyword_mesage = "Never mind" },
]

[[phone_numbers]]
phone_number = "12"
phone_number_id = "phone-short"

[[pools]]
pool_id = "pool-main"
origination_identities = ["+12065550100", "12"]

[[pools]]
pool_id = "pool main"
origination_identities = ["+12065550100"]

[spend_limit_overrides]
text = -1
fax = 3

[[accounts]]
account_id = "2109"

[[accounts]]
account_id = "210987654321"
sender_ids = [{ sender_id = "ACME", iso_country_code = "DE" }, { sender_id = "!" }]
"""


def check(tmp_path, text):
    """The mistakes in a text, without the file's name."""
    file = tmp_path / "seed.toml"
    file.write_text(text)
    mistakes = find_mistakes(file)
    assert all(each.startswith(f"{file}, ") for each in mistakes)
    return [each.removeprefix(f"{file}, ") for each in mistakes]


def test_all_mistakes_are_found(tmp_path):
    """Each mistake is one sentence with its line; consequences of another one are left out."""
    places = [each.partition(": ")[0] for each in check(tmp_path, ALL_WRONG)]

    assert places == [
        "line 1, colour",
        "line 5, opt_out_lists[0].opted_out_numbers[1]",
        "line 5, opt_out_lists[0].opted_out_numbers[2]",
        "line 9, phone_numbers[0].number_typ",
        "line 11, phone_numbers[0].keywords[1].keyword_mesage",
        "line 11, phone_numbers[0].keywords[1]",
        "line 16, phone_numbers[1]",
        "line 25, pools[1].pool_id",
        "line 29, spend_limit_overrides.text",
        "line 30, spend_limit_overrides.fax",
        "line 33, accounts[0].account_id",
        "line 37, accounts[1].sender_ids[1]",
        "line 37, accounts[1].sender_ids[1].sender_id",
    ]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("a = [", "is not TOML"),
        (f"a = {'[' * 5000}{']' * 5000}", "is not TOML: it is nested too deeply"),
        ("a = 1\na = 2", "is not TOML"),
    ],
)
def test_invalid_toml_is_one_mistake(tmp_path, text, mistake):
    """A file that is not TOML, or nested too deeply, is one mistake."""
    file = tmp_path / "seed.toml"
    file.write_text(text)

    [found] = find_mistakes(file)
    with pytest.raises(ValueError, match=mistake):
        Emulator(seed_file=file)

    assert mistake in found


def test_an_unreadable_file_is_one_mistake(tmp_path):
    """A file that cannot be read is one mistake."""
    [found] = find_mistakes(tmp_path / "no.toml")

    assert found.endswith("cannot be read: No such file or directory")


def test_a_valid_file_has_no_mistakes(tmp_path):
    """A valid file has no mistakes."""
    assert check(tmp_path, '[[phone_numbers]]\nphone_number = "+12065550100"\n') == []
