"""Invalid seed files: each mistake is reported with its place, and nothing is created."""

import copy
import functools
import operator
import tomllib
from datetime import date, datetime, time
from pathlib import Path

import pytest

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.wire.model import service_model

DESTINATION = """\
[[configuration_sets]]
configuration_set_name = "receipts"
[[configuration_sets.event_destinations]]
event_destination_name = "topic"
"""
TOPIC = 'sns_destination = { topic_arn = "arn:aws:sns:us-east-1:123456789012:receipts" }'
BRAND = '[[registrations]]\nregistration_type = "US_TEN_DLC_BRAND_REGISTRATION"\n'
NUMBER = '[[phone_numbers]]\nphone_number = "+12065550100"\n'


def refusal(written, text):
    """The error about an invalid seed file."""
    with pytest.raises(ValueError, match=r"^the seed file ") as raised:
        Emulator(seed_file=written(text))
    return str(raised.value)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("[[pool]]", "line 1, pool", "did you mean pools?"),
        ("colour = 5", "line 1, colour", "choose from accounts"),
        (f"{'c' * 5000} = 5", f"line 1, {'c' * 80}: is unknown", "choose from accounts"),
        ("pools = 5", "line 1, pools", "must be a list"),
        ("pools = [5]", "line 1, pools[0]", "must be a table"),
        ("[pools]", "line 1, pools", "write [[pools]]"),
        ("[[accounts]]\n[accounts.pools]", "line 2, accounts[0].pools", "write [[accounts.pools]]"),
        ("[[spend_limit_overrides]]", "line 1, spend_limit_", "write [spend_limit_overrides]"),
        ("[[pools]]", "line 1, pools[0]", "needs origination_identities"),
        ("[[pools]]\norigination_identities = []", "line 2, pools[0].origin", "must name one"),
        (
            '[[pools]]\norigination_identities = [\n"phone-x",\n]',
            "line 2, pools[0].origination_identities[0]",
            "country",
        ),
        (
            f"{NUMBER}{NUMBER}",
            "line 3, phone_numbers[1]",
            "+12065550100",
        ),
        (
            f"{NUMBER}number_typ = 1",
            "line 3, phone_numbers[0].number_typ",
            "did you mean number_type?",
        ),
        (f'{NUMBER}pool_id = "p"', "line 3, phone_numbers[0].pool_id", "is unknown"),
        (
            f'{NUMBER}number_type = "BIG"',
            "line 3, phone_numbers[0].number_type",
            "one of SHORT_CODE",
        ),
        (
            '[[opt_out_lists]]\nopt_out_list_name = "A"\ntags = { Team = 5 }',
            "line 3, opt_out_lists[0].tags.Team",
            "must be a text in quotes, not 5",
        ),
        (f'{NUMBER}opt_out_list_name = "No"', "line 1, phone_numbers[0]", "No"),
        ("[[phone_numbers]]", "line 1, phone_numbers[0]", "needs phone_number"),
        (
            f'{NUMBER}\n[[phone_numbers.keywords]]\nkeyword = "YES"',
            "line 4, phone_numbers[0].keywords[0]",
            "keyword_message is required",
        ),
        (
            f'{NUMBER}[[phone_numbers.keywords]]\nkeyword = "A"\nmessage = "B"',
            "line 5, phone_numbers[0].keywords[0].message",
            "did you mean keyword_message?",
        ),
        (
            f'{NUMBER}[[phone_numbers.keywords]]\norigination_identity = "A"',
            "line 4, phone_numbers[0].keywords[0].origination_identity",
            "is unknown",
        ),
        (
            '[[opt_out_lists]]\nopt_out_list_name = "A"\nopted_out_numbers = ["+1", 5]',
            "line 3, opt_out_lists[0].opted_out_numbers[0]",
            "must be a phone number in E.164 form",
        ),
        (
            '[[opt_out_lists]]\nopt_out_list_name = "A"\n' * 2,
            "line 3, opt_out_lists[1]",
            "RESOURCE_ALREADY_EXISTS",
        ),
        (
            '[[opt_out_lists]]\nopt_out_list_name = "A B"',
            "line 2, opt_out_lists[0].opt_out_list_name",
            "must have only letters, digits, _ and -",
        ),
        (
            "[[opt_out_lists]]\nopt_out_list_name = 5",
            "line 2, opt_out_lists[0].opt_out_list_name",
            "must be a text in quotes, not 5",
        ),
        (
            '[[configuration_sets]]\nconfiguration_set_name = "A"\ndefault_message_type = "B"',
            "line 3, configuration_sets[0].default_message_type",
            "TRANSACTIONAL",
        ),
        (
            (
                '[[configuration_sets]]\nconfiguration_set_name = "A"\n'
                '[[configuration_sets.event_destinations]]\nsns_destination = { topic = "x" }'
            ),
            "line 4, configuration_sets[0].event_destinations[0].sns_destination.topic",
            "did you mean topic_arn?",
        ),
        (
            '[[protect_configurations]]\nprotect_configuration_id = "a b"',
            "line 2, protect_configurations[0].protect_configuration_id",
            "letters",
        ),
        (
            '[[protect_configurations]]\nprotect_configuration_id = "a"\n' * 2,
            "line 4, protect_configurations[1].protect_configuration_id",
            "exists already: a",
        ),
        ("[spend_limit_overrides]\nfax = 1", "line 2, spend_limit_overrides.fax", "text"),
        (
            "[spend_limit_overrides]\ntext = 1000000",
            "line 2, spend_limit_overrides.text",
            "at most",
        ),
        ("[[accounts]]\naccount_id = 5", "line 2, accounts[0].account_id", "12 digits, in quotes"),
        ('[[accounts]]\nregion = "Mars"', "line 2, accounts[0].region", "Region"),
        (
            "[[phone_numbers]]\nphone_number = 12065550100",
            "line 2, phone_numbers[0].phone_n",
            "a text",
        ),
        (
            '[[pools]]\norigination_identities = ["+12065550100"]',
            "line 2, pools[0].origination_identities[0]",
            "there is no number +12065550100 in phone_numbers",
        ),
        (
            '[[protect_configurations]]\ncountry_rule_set = { FR = { protect_status = "BLOCK" } }',
            "line 2, protect_configurations[0].country_rule_set.FR",
            "choose from MMS, RCS, SMS, VOICE",
        ),
        (
            '[[protect_configurations]]\ncountry_rule_set.SMS = { FR = "BLOCK" }',
            "line 2, protect_configurations[0].country_rule_set.SMS.FR",
            "must be a table, not 'BLOCK'",
        ),
        (
            '[[protect_configurations]]\ncountry_rule_set.SMS = { FR = { protect_status = "NO" } }',
            "line 2, protect_configurations[0].country_rule_set.SMS.FR.protect_status",
            "must be one of ALLOW",
        ),
        (
            '[[protect_configurations]]\naccount_default = "no"',
            "line 2, protect_configurations[0].account_default",
            "must be true or false, not 'no'",
        ),
        (
            '[[registrations]]\nregistration_type = "US_TEN_DLC_BRAND_REG"',
            "line 2, registrations[0].registration_type",
            "did you mean US_TEN_DLC_BRAND_REGISTRATION?",
        ),
        (
            f'{BRAND}fields = {{ "companyInfo.companyname" = "ACME" }}',
            "line 3, registrations[0].fields.companyInfo.companyname",
            "did you mean companyInfo.companyName?",
        ),
        (
            f"{BRAND}submitted = 1",
            "line 3, registrations[0].submitted",
            "must be true or false, not 1",
        ),
        (
            f'{DESTINATION}matching_event_types = ["ALL"]\nenabled = "no"\n{TOPIC}',
            "line 6, configuration_sets[0].event_destinations[0].enabled",
            "must be true or false",
        ),
        (
            f'{DESTINATION}matching_event_types = ["TEXT_DELIVRED"]\n{TOPIC}',
            "line 5, configuration_sets[0].event_destinations[0].matching_event_types[0]",
            "must be one of",
        ),
        (
            f'{DESTINATION}matching_event_types = ["ALL"]\nsns_destination = {{}}',
            "line 6, configuration_sets[0].event_destinations[0].sns_destination",
            "topic_arn is required",
        ),
        (
            f'{DESTINATION}matching_event_types = ["ALL"]',
            "line 3, configuration_sets[0].event_destinations[0]",
            "sns_destination exactly one destination is required",
        ),
        ("[[accounts]]\n[[accounts.accounts]]", "line 2, accounts[0].accounts", "is unknown"),
        (
            f"[[accounts]]\n[[accounts.phone_numbers]]\n[[accounts]]\n{NUMBER}",
            "line 2, accounts[0].phone_numbers[0]",
            "needs phone_number",
        ),
        (
            '[[accounts]]\n[[accounts]]\n[[accounts.sender_ids]]\nsender_id = "ACME"',
            "line 3, accounts[1].sender_ids[0]",
            "iso_country_code is required",
        ),
    ],
)
def test_a_mistake_has_its_line_and_path(written, text, place, words):
    """A mistake is one sentence with its line and its path."""
    sentence = refusal(written, text)

    assert f"seed.toml, {place}" in sentence
    assert words in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("text", ["[[pools]", "a = ", "a = 1\na = 2", "\x00"])
def test_invalid_toml_is_refused(written, text):
    """A file that is not TOML is refused with the line."""
    sentence = refusal(written, text)

    assert "is not TOML" in sentence
    assert "(at " in sentence


def test_a_text_that_is_not_unicode_is_refused():
    """Otherwise, the state could not be read again; only mappings in Python can have one."""
    keyword = {"keyword": "YES", "keyword_message": "\ud800"}
    number = {"phone_number": "+12065550100", "keywords": [keyword]}

    with pytest.raises(ValueError, match=r"^seed_file has a lone surrogate"):
        Emulator(seed_file={"phone_numbers": [number]})


def test_a_mapping_in_itself_is_refused():
    """A mapping that contains itself is refused with a sentence."""
    seed: dict[str, object] = {}
    seed["pools"] = [seed]

    with pytest.raises(ValueError, match=r"^seed_file is nested too deeply$"):
        Emulator(seed_file=seed)


def test_a_binary_file_is_refused(tmp_path):
    """A file that is not text is refused."""
    file = tmp_path / "seed.toml"
    file.write_bytes(b"\xff\xfe")

    with pytest.raises(ValueError, match=r"cannot be read: it is not UTF-8$"):
        Emulator(seed_file=file)


def test_a_missing_file_is_refused(tmp_path):
    """A missing file, or a directory, is refused."""
    with pytest.raises(ValueError, match="cannot be read: No such file"):
        Emulator(seed_file=tmp_path / "nothing.toml")
    with pytest.raises(ValueError, match="cannot be read: Is a directory"):
        Emulator(seed_file=tmp_path)


def test_an_operation_that_botocore_lacks_is_reported(written, monkeypatch):
    """The error says that a newer botocore is needed."""
    monkeypatch.delitem(service_model().operations, "CreatePool")

    sentence = refusal(written, '[[pools]]\norigination_identities = ["+12065550100"]')

    assert (
        "line 1, pools[0]: needs CreatePool, which the installed botocore does not know" in sentence
    )


# Values of every type of Python, of which TOML has a few.
ANY = [
    None,
    True,
    5,
    1.5,
    "",
    "x",
    "\0",
    "a\nb",
    b"x",
    [],
    [[]],
    {},
    {"": None},
    {1: 2},
    (1, 2),
    object(),
]
ANY += [float("nan"), 10**400, date(9999, 12, 31), datetime(1, 1, 1), time(1)]  # noqa: DTZ001  TOML's


def places(value, path=()):
    """Yield all places of a seed."""
    inside = value.items() if isinstance(value, dict) else ()
    for name, inner in enumerate(value) if isinstance(value, list) else inside:
        yield (*path, name)
        yield from places(inner, (*path, name))


EXAMPLE = tomllib.loads(Path("docs/examples/seed.toml").read_text("utf-8"))


@pytest.mark.since("1.44.5")
@pytest.mark.parametrize("path", [*places(EXAMPLE)], ids=lambda path: ".".join(map(str, path)))
def test_any_value_in_any_place(path):
    """A value of another type is refused with one line, or makes a state that can be read again."""
    for value in ANY:
        seed = copy.deepcopy(EXAMPLE)
        functools.reduce(operator.getitem, path[:-1], seed)[path[-1]] = value
        try:
            emulator = Emulator(seed_file=seed)
        except ValueError as error:
            assert str(error).isprintable()  # noqa: PT017  most are refused
            assert len(str(error)) < 500  # noqa: PT017
        else:
            Emulator().restore(emulator.snapshot())
