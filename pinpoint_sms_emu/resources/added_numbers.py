"""Numbers that tests add to an account. With AWS, users cannot choose a number; tests must."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from pinpoint_sms_emu.errors import ApiError, ResourceNotFoundException
from pinpoint_sms_emu.reference.countries import TOLL_FREE_PREFIXES, Country, country, leasing_price
from pinpoint_sms_emu.resources.identities import join, must_fit, must_have_room
from pinpoint_sms_emu.resources.opt_out_lists import chosen_list
from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber, must_support_international_sending
from pinpoint_sms_emu.resources.registrations.required_registrations import (
    find_registration_of_number,
)
from pinpoint_sms_emu.resources.resource_policies import let_sns_send
from pinpoint_sms_emu.resources.two_way import must_be_able_to_answer
from pinpoint_sms_emu.service.destinations import find_destination, must_have_a_country_code
from pinpoint_sms_emu.service.rules import must_be_active
from pinpoint_sms_emu.wire.model import service_model, snake
from pinpoint_sms_emu.wire.protocol import ACCOUNT_ID, REGION
from pinpoint_sms_emu.wire.validation import Problem, check
from pinpoint_sms_emu.wording import kind_in_words, nearest, quoted

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

_SHORT_CODE = re.compile(r"[0-9]{3,8}")
_NUMBER = re.compile(r"[0-9]{3,8}|\+?[1-9][0-9]{1,18}")
_TOLL_FREE = re.compile(rf"\+?1({'|'.join(TOLL_FREE_PREFIXES)})")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class NumberSettings(TypedDict, total=False):
    """The settings of an added number: an id, and those of Request- and UpdatePhoneNumber."""

    phone_number_id: str | None
    iso_country_code: str | None
    message_type: str | None
    number_capabilities: list[str] | None
    number_type: str | None
    two_way_enabled: bool | None
    two_way_channel_arn: str | None
    two_way_channel_role: str | None
    self_managed_opt_outs_enabled: bool | None
    opt_out_list_name: str | None
    international_sending_enabled: bool | None
    deletion_protection_enabled: bool | None
    pool_id: str | None
    registration_id: str | None
    tags: dict[str, str] | None


def add_number(
    account: Account, phone_number: str, **settings: Unpack[NumberSettings]
) -> PhoneNumber:
    """Add a number to an account, which is ACTIVE at once.

    Missing settings are derived from the number, or are the pool's, or the defaults of a new
    number. A wrong argument raises a ValueError, an unknown pool or list a LookupError.
    """
    # Copied, because the caller may change its lists and mappings later.
    given: dict[str, Any] = {
        name: deepcopy(value) for name, value in settings.items() if value is not None
    }
    _must_be_possible(phone_number, given)
    if "iso_country_code" not in given:
        must_have_a_country_code(phone_number)
    place = _country_of(phone_number, given.pop("iso_country_code", None))
    number_type = given.pop("number_type", None) or _type_of(phone_number)
    phone_number = _spelled(phone_number, number_type)
    _must_be_new(account, phone_number)

    with _as_python_errors():
        pool = account.pools[given.pop("pool_id")] if "pool_id" in given else None
        given |= chosen_list(account, given.get("opt_out_list_name"))
        if "registration_id" in given:
            given["registration_id"] = find_registration_of_number(
                account, given["registration_id"]
            ).id
        two_way = {name: given.pop(name) for name in _TWO_WAY if name in given}
        number = PhoneNumber(
            id=given.pop("phone_number_id", ""),
            phone_number=phone_number,
            iso_country_code=place.iso_code,
            number_type=number_type,
            monthly_leasing_price=leasing_price(number_type),
            **{
                "message_type": pool.message_type if pool else "TRANSACTIONAL",
                "number_capabilities": place.capabilities(number_type) or ["SMS"],
                **(pool.inherited_settings() if pool else {}),
                **given,
            },
        )
        number.number_capabilities = sorted(number.number_capabilities)

        must_support_international_sending(number.number_type, number.international_sending_enabled)
        must_be_able_to_answer(number, two_way, [number])
        number.change(two_way)
        if pool:
            must_be_active(pool)
            must_fit(account, pool, number, about=pool)
            must_have_room(account, pool)

        account.phone_numbers.add(number)
        if pool:
            join(pool, number)
        if account.settings.is_strict:
            # As if it had been requested in the console.
            let_sns_send(number, account.now())
        return number


# The settings that RequestPhoneNumber does not have.
_TWO_WAY = (
    "two_way_enabled",
    "two_way_channel_arn",
    "two_way_channel_role",
    "self_managed_opt_outs_enabled",
)


def must_be_account_and_region(account_id: object, region: object) -> None:
    """Refuse an invalid account id or Region."""
    if not _is(account_id, ACCOUNT_ID):
        raise ValueError(f"account_id must be a text of 12 digits, not {quoted(account_id)}")
    if not _is(region, REGION):
        raise ValueError(f"region must be a Region such as us-east-1, not {quoted(region)}")


def _must_be_possible(phone_number: str, given: dict[str, Any]) -> None:
    """Refuse invalid settings, by the model's constraints of the operations' members."""
    if not _is(phone_number, _NUMBER):
        raise ValueError(
            f"{quoted(phone_number)} is neither a number in E.164 form nor a short code"
        )
    if unknown := sorted(given.keys() - NumberSettings.__annotations__.keys()):
        known = nearest(unknown[0], NumberSettings.__annotations__)
        raise ValueError(f"a number has no setting {unknown[0]:.80}; {known}")
    if not _is(given.get("phone_number_id", "-"), _ID):
        wrong = quoted(given["phone_number_id"])
        raise ValueError(f"{wrong} cannot be an id: use letters, digits and -")

    shapes, problems = _shapes(), list[Problem]()
    for name, value in given.items():
        if name in shapes:
            with _as_python_errors():
                check(shapes[name])(_on_the_wire(name, value), name, problems)
    if problems:
        raise ValueError(f"{problems[0].where} {problems[0].why}")


def _is(value: object, form: re.Pattern[str]) -> bool:
    return isinstance(value, str) and form.fullmatch(value) is not None


def _on_the_wire(name: str, value: Any) -> Any:
    """Convert a setting to its shape: tags are a mapping in Python, and a list in the API."""
    if name != "tags":
        return value
    if not isinstance(value, dict):
        raise ValueError("tags must be a mapping")
    return [{"Key": key, "Value": text} for key, text in value.items()]


def _shapes() -> dict[str, str]:
    """Return the shape of each setting; an older model has fewer settings."""
    shapes = service_model().shapes
    members = {
        **shapes["RequestPhoneNumberRequest"]["members"],
        **shapes["UpdatePhoneNumberRequest"]["members"],
        # An added number can also have a type that cannot be requested.
        "NumberType": shapes["PhoneNumberInformation"]["members"]["NumberType"],
    }
    return {snake(member): of["shape"] for member, of in members.items()}


def _country_of(phone_number: str, iso_country_code: str | None) -> Country:
    """Return the given country, or else the number's; US for a short code."""
    short = _SHORT_CODE.fullmatch(phone_number)
    destination = None if short else find_destination(phone_number)
    own = "US" if short else destination and destination.iso_country_code
    if destination and iso_country_code not in (None, own):
        raise ValueError(f"{phone_number} is a number of {own}, not of {iso_country_code}")
    place = country(iso_country_code or own or "")
    if place is None:
        raise ValueError(f"{phone_number} does not belong to a country; add its iso_country_code")
    return place


def _type_of(phone_number: str) -> str:
    """Return the default type of a number, from its format."""
    if _SHORT_CODE.fullmatch(phone_number):
        return "SHORT_CODE"
    return "TOLL_FREE" if _TOLL_FREE.match(phone_number) else "LONG_CODE"


def _spelled(phone_number: str, number_type: str) -> str:
    """Return a number in E.164 form, or the digits of a short code."""
    if not _SHORT_CODE.fullmatch(phone_number):
        return f"+{phone_number.removeprefix('+')}"
    if number_type != "SHORT_CODE":
        raise ValueError(f"{phone_number} is a short code, not a {number_type}")
    return phone_number


def _must_be_new(account: Account, phone_number: str) -> None:
    for other in account.all_accounts():
        if existing := other.phone_numbers.by_number(phone_number):
            raise ValueError(
                f"{phone_number} already exists, as {existing.id} in account {other.account_id}"
            )


@contextmanager
def _as_python_errors() -> Iterator[None]:
    """Convert refusals of the service to ValueErrors and LookupErrors."""
    try:
        yield
    except ResourceNotFoundException as error:
        missing = error.members
        kind = kind_in_words(missing["ResourceType"])
        # An empty id is left out of the error.
        raise LookupError(f"there is no {kind} {missing.get('ResourceId', quoted(''))}") from error
    except ApiError as error:
        fields = [
            f"{snake(each['Name'])} {each['Message']}" for each in error.members.get("Fields", ())
        ]
        raise ValueError(", ".join(fields) or error.message) from error
