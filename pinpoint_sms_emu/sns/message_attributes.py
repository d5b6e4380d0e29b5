"""Message attributes of Publish: the settings of a single text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypedDict

from pinpoint_sms_emu.sns.errors import invalid_attribute, invalid_parameter

MESSAGE_TYPES: Final = ("Promotional", "Transactional")

_ORIGINATION_NUMBER: Final = re.compile(r"\+?[0-9]{5,14}", re.ASCII)
# "3-11 alphanumeric characters, including at least one letter and no spaces"; SetSMSAttributes has
# "1 - 11", so the shorter ones are not refused.
_SENDER_ID: Final = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9]{1,11}", re.ASCII)
_INDIAN_ID: Final = re.compile(r".{1,30}")
_IMPOSSIBLE_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9_.-]", re.ASCII)
_LONGEST_NAME: Final = 256
_PRICE: Final = re.compile(r"(?=.{1,20}\Z)(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", re.ASCII)


class Attribute(TypedDict, total=False):
    """A message attribute in a request."""

    data_type: str
    string_value: str
    binary_value: bytes


class TextAttributes(NamedTuple):
    """The settings of a text in its message attributes; None means the account's default."""

    sender_id: str | None = None
    origination_number: str | None = None
    max_price: str | None = None
    message_type: str | None = None
    # For India.
    entity_id: str | None = None
    template_id: str | None = None

    @property
    def destination_country_parameters(self) -> dict[str, str]:
        """The DestinationCountryParameters of the other service."""
        given = {"IN_ENTITY_ID": self.entity_id, "IN_TEMPLATE_ID": self.template_id}
        return {name: value for name, value in given.items() if value is not None}


def is_sender_id(value: str) -> bool:
    """Return whether a text is a valid sender ID."""
    return _SENDER_ID.fullmatch(value) is not None


# The attributes for texts: the field of each, and its format.
_ATTRIBUTES: Final[Mapping[str, tuple[str, Callable[[str], object]]]] = MappingProxyType(
    {
        "AWS.SNS.SMS.SenderID": ("sender_id", is_sender_id),
        "AWS.SNS.SMS.MaxPrice": ("max_price", _PRICE.fullmatch),
        "AWS.SNS.SMS.SMSType": ("message_type", MESSAGE_TYPES.__contains__),
        "AWS.MM.SMS.OriginationNumber": ("origination_number", _ORIGINATION_NUMBER.fullmatch),
        "AWS.MM.SMS.EntityId": ("entity_id", _INDIAN_ID.fullmatch),
        "AWS.MM.SMS.TemplateId": ("template_id", _INDIAN_ID.fullmatch),
    }
)


def read(attributes: Mapping[str, Attribute] | None) -> TextAttributes:
    """Check the form of a request's attributes, and parse those for texts."""
    return read_texts({name: _value(name, each) for name, each in (attributes or {}).items()})


def read_texts(attributes: Mapping[str, str | bytes]) -> TextAttributes:
    """Parse the attributes for texts, and ignore all others."""
    read: dict[str, Any] = {}
    for name, value in attributes.items():
        if name not in _ATTRIBUTES:
            continue
        field, is_possible = _ATTRIBUTES[name]
        if not isinstance(value, str) or not is_possible(value):
            raise invalid_parameter(
                "messageAttributes",
                f"Invalid parameter: {name} Reason: {value!r:.80} is not valid",
            )
        read[field] = value
    return TextAttributes(**read)


def _value(name: str, attribute: Attribute) -> str | bytes:
    """Return the value of an attribute, after checking its form (observed with topics)."""
    _must_be_a_name(name)
    data_type = attribute["data_type"]
    kind = data_type.partition(".")[0]
    if kind not in ("String", "Number", "Binary"):
        raise invalid_attribute(
            f"The message attribute '{name}' has an invalid message attribute type, the set of "
            "supported type prefixes is Binary, Number, and String."
        )
    text, data = attribute.get("string_value"), attribute.get("binary_value")
    value, other = (data, text) if kind == "Binary" else (text, data)
    if value:
        return value
    if other:
        field = "Binary" if kind == "Binary" else "String"
        raise invalid_attribute(
            f"The message attribute '{name}' with type '{data_type}' must use field '{field}'."
        )
    raise invalid_attribute(
        f"The message attribute '{name}' must contain non-empty message attribute value for "
        f"message attribute type '{data_type}'."
    )


def _must_be_a_name(name: str) -> None:
    """Refuse an invalid name of an attribute, with the observed texts."""
    if len(name) > _LONGEST_NAME:
        raise invalid_attribute("Length of message attribute name must be less than 256 bytes.")
    if impossible := _IMPOSSIBLE_IN_NAMES.search(name):
        raise invalid_attribute(
            f"Invalid non-alphanumeric character '#x{ord(impossible[0]):X}' was found in the "
            "message attribute name. Can only include alphanumeric characters, hyphens, "
            "underscores, or dots."
        )
    for where, is_there in (("starting", name.startswith(".")), ("ending", name.endswith("."))):
        if is_there:
            raise invalid_attribute(
                f"Invalid message attribute name {where} with character '.' was found."
            )
    if ".." in name:
        raise invalid_attribute("Message attribute name can not have successive '.' character.")
