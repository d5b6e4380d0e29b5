"""Creates the resources that a request names or an answer lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import phonenumbers

from observe.calling import Caller
from observe.plan import Step
from observe.reading import Observation, is_words
from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.reference.countries import ISO_CODES
from pinpoint_sms_emu.wire.model import service_model, snake
from tests.contract.samples import sample
from tests.filling import PDF, answer, ask, fill_in

ACCOUNT: Final = "123456789012"
COUNTRIES: Final = {"United States": "US", "Canada": "CA", "Puerto Rico": "PR"}
# Recipients in countries for which the library has no suitable example number.
_TOPIC: Final = "arn:aws:sns:{region}:123456789012:topic-1"
_CAPABILITIES: Final = ("SMS", "MMS", "VOICE", "RCS")


def settings_for(observation: Observation) -> dict[str, Any]:
    """The settings for such an answer: tier and transition times."""
    text = str(observation.answer)
    settings: dict[str, Any] = {}
    if "SANDBOX" in text or re.search(r"'MaxLimit': 1\b", text):
        settings["account_tier"] = "SANDBOX"
    numbers = observation.answer.get("PhoneNumbers", ())
    if any(each.get("Status") == "PENDING" for each in numbers):
        settings["registrations"] = "required"
    if "when" in (observation.request or {}):
        # Deletion takes a while.
        settings["transition_seconds"] = 20
    return settings


def person(iso_country_code: str) -> str:
    """A mobile number in a country."""
    if iso_country_code == "US":
        return "+14255550101"
    kind = phonenumbers.PhoneNumberType.MOBILE
    example = phonenumbers.example_number_for_type(iso_country_code, kind)
    assert example is not None, f"{iso_country_code} has no example of a number"
    return str(phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164))


class Preparation:
    """An account that gets the resources in a request or an answer."""

    def __init__(self, emulator: Emulator, sms: Any, observation: Observation) -> None:
        self.emulator = emulator
        self.sms = sms
        self.observation = observation
        self.region = observation.region
        self.operation = observation.operation or ""
        self.numbers = 0
        self.caller = Caller(sms, {})
        # The latest resource of each kind, by the member that names it.
        self.made: dict[str, str] = {}

    @property
    def given(self) -> dict[str, Any]:
        """The request in the file."""
        return self.observation.request or {}

    @property
    def account(self) -> Any:
        """The account of the client."""
        return engine_of(self.emulator).account(ACCOUNT, self.region)

    # Requests.

    def call_before(self) -> None:
        """Make the earlier calls, and use their answers from then on."""
        for step in self.observation.before or ():
            given = {name: self.value(name, value) for name, value in step["request"].items()}
            answer = self.caller.call(Step(step["operation"], given, step["label"]))
            assert "error" not in answer, answer

    def request(self) -> dict[str, Any]:
        """Make the observation's request, with all resources that it names or needs."""
        shape = service_model().shapes[service_model().operations[self.operation].input_shape]
        given = self.given
        if self.observation.before is not None:
            return {name: self.value(name, value) for name, value in given.items()}
        request = {
            name: self.value(name, value)
            for name, value in given.items()
            if name in shape["members"]
        }
        for name in shape.get("required", ()):
            if name not in request:
                kind = shape["members"][name]["shape"]
                request[name] = self.needed(name) or sample(kind)
        if "MessageBody" in shape["members"]:
            request.setdefault("MessageBody", "Hello")
        if self.operation.startswith("Send") and "OriginationIdentity" not in given:
            self.number(number_capabilities=["SMS", "VOICE"])
        for name, value in given.items():
            if name not in shape["members"] and name in _CIRCUMSTANCES:
                _CIRCUMSTANCES[name](self, value, request)
        return request

    def value(self, name: str, value: Any) -> Any:
        """The value of a member, after creating the resource that it names."""
        if self.observation.before is not None:
            if "{number}" in str(value):
                self.caller.names["number"] = self.needed("PhoneNumberId")
            return self.caller.filled(value)
        if name == self.operation.removeprefix("Create").removeprefix("Request") + "Name":
            return value
        if name in NAMED and isinstance(value, str):
            return NAMED[name](self, value)
        if is_words(value):
            return _WORDS.get(value) or self.needed(name) or value
        if name == "PhoneNumber" and self.observation.answer.get("PhoneNumberType") == "INVALID":
            return "+1425555"
        if name == "Filters":
            return [{**each, "Values": [self.filtered(each)]} for each in value]
        return value

    def filtered(self, given: Mapping[str, Any]) -> str:
        """The value of a filter; an incomplete id is replaced by that of the created resource."""
        [value] = given["Values"]
        member = "".join(part.capitalize() for part in given["Name"].split("-"))
        return str(self.needed(member) or value) if is_words(value) else str(value)

    def needed(self, name: str) -> Any:
        """The latest resource for a member that the request does not have, or a new one."""
        if name not in self.made and name in NAMED:
            self.made[name] = NAMED[name](self, "")
        return self.made.get(name, _DEFAULTS.get(name))

    # Identities.

    def number(self, country: str = "US", **settings: Any) -> str:
        """Add a number; return its id."""
        self.numbers += 1
        digits = {"US": "+1206555", "CA": "+1613555", "PR": "+1787555"}.get(country)
        written = f"{digits}{self.numbers:04}" if digits else person(country)
        if settings.get("number_type") == "TOLL_FREE":
            written = f"+1888555{self.numbers:04}"
        if settings.get("number_type") == "SHORT_CODE":
            written = f"{55555 + self.numbers}"
        added = self.emulator.add_number(
            written, iso_country_code=country, region=self.region, account_id=ACCOUNT, **settings
        )
        return str(added.id)

    def pool(self, result: str = "", message_type: str = "TRANSACTIONAL") -> str:
        """Create a pool with a number, perhaps of the country in the words."""
        number = self.number(_country_in(result), message_type=message_type)
        made = self.sms.create_pool(
            OriginationIdentity=number, IsoCountryCode="US", MessageType=message_type
        )
        self.sms.describe_pools()
        return str(made["PoolId"])

    def agent(self, _told: str = "") -> str:
        """Create an agent that can send."""
        made = self.sms.create_rcs_agent()
        self.sms.describe_rcs_agents()
        return str(made["RcsAgentId"])

    def sender_id(self, name: str, country: str) -> str:
        """Create a sender ID in a country."""
        self.sms.request_sender_id(SenderId=name, IsoCountryCode=country)
        self.sms.describe_sender_ids()
        return name

    def identity(self, result: str) -> str:
        """Create the named origination identity; return its id or ARN."""
        if result.startswith(("pool-", "a pool")):
            made = self.pool(result)
        elif result.startswith("rcs-"):
            made = self.agent()
        elif not result or is_words(result) or re.match(r"\+\d|phone-", result):
            made = self.number(_country_in(result))
        else:
            return self.sender_id(result, _country_of(self.given.get("DestinationPhoneNumber", "")))
        is_arn = " ARN " in result or result.startswith("arn:")
        return str(self.account.phone_numbers[made].arn) if is_arn else made

    def destination(self, result: str) -> str:
        """The recipient: a number in the country, opted out or blocked if the words say so."""
        number = result if result.startswith("+") else person(_country_in(result))
        if "opted-out" in result:
            self.sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=number)
        if "blocked country" in result:
            self.protect({"AccountDefault": True}, status="BLOCK")
        return number

    def protect(
        self, result: Mapping[str, Any], *, status: str = "ALLOW", country: str = "US"
    ) -> str:
        """Create a protect configuration with a rule for a country."""
        made = str(self.sms.create_protect_configuration()["ProtectConfigurationId"])
        for capability in _CAPABILITIES:
            self.sms.update_protect_configuration_country_rule_set(
                ProtectConfigurationId=made,
                NumberCapability=capability,
                CountryRuleSetUpdates={country: {"ProtectStatus": status}},
            )
        if result.get("AccountDefault"):
            self.sms.set_account_default_protect_configuration(ProtectConfigurationId=made)
        return made

    # Registrations.

    def registration(self, result: str = "", status: str = "CREATED") -> str:
        """Create a registration of the type in the request or the words."""
        found = re.search(r"[A-Z]{2,}_\w+", result)
        kind = found[0] if found else self.given.get("RegistrationType") or self._type_of_field()
        made = str(self.sms.create_registration(RegistrationType=kind)["RegistrationId"])
        self.made["RegistrationId"] = made
        if "missing fields" in result:
            self.submit(made)
        elif "denied" in result:
            self.decide(made, "REQUIRES_UPDATES")
        elif status != "CREATED":
            self.decide(made, status)
        return made

    def _type_of_field(self) -> str:
        """The type whose form has the request's field."""
        path = self.given.get("FieldPath", "")
        if path.startswith("agentDetails."):
            return "TEST_RCS_LAUNCH_REGISTRATION"
        return "US_TOLL_FREE_REGISTRATION"

    def decide(self, registration: str, status: str, reason: str | None = None) -> None:
        """Fill in the current version, submit it and review it."""
        self.fill(registration)
        self.submit(registration)
        if self.account.registrations[registration].status != status:
            self.emulator.review(registration, status, reason=reason)

    def fill(self, registration: str) -> None:
        """Fill in the required fields, after the required associations."""
        fill_in(self.sms, self.account.registrations[registration])

    def submit(self, registration: str) -> None:
        """Submit the current version with its associations; then advance the clock."""
        self.associate(registration)
        self.sms.submit_registration_version(RegistrationId=registration)
        self.emulator.clock.advance(seconds=60)
        self.sms.describe_registrations()

    def associate(self, registration: str) -> None:
        """Associate what the type requires before submission."""
        kept = self.account.registrations[registration]
        for supported in kept.form.supported_associations:
            if supported.association_behavior != "ASSOCIATE_BEFORE_SUBMIT":
                continue
            if self.sms.list_registration_associations(RegistrationId=registration)[
                "RegistrationAssociations"
            ]:
                return
            self.sms.create_registration_association(
                RegistrationId=registration, ResourceId=self._to_associate(supported.resource_type)
            )

    def _to_associate(self, resource_type: str) -> str:
        match resource_type:
            case "TOLL_FREE":
                number = self.sms.request_phone_number(
                    IsoCountryCode="US",
                    MessageType="TRANSACTIONAL",
                    NumberCapabilities=["SMS"],
                    NumberType="TOLL_FREE",
                )
                return str(number["PhoneNumberId"])
            case "RCS_AGENT":
                return str(self.sms.create_rcs_agent()["RcsAgentId"])
            case _:
                made = self.sms.create_registration(RegistrationType=resource_type)
                return str(made["RegistrationId"])

    # Answers with lists.

    def list_entries(self) -> None:
        """Create the resources in the answer of a Describe or List operation."""
        if self.observation.before:
            return  # they have been made
        for name, entries in self.observation.answer.items():
            for entry in entries if isinstance(entries, list) and name in LISTED else ():
                LISTED[name](self, entry)


def _country_in(result: str) -> str:
    """The country of the words or a number."""
    named = [code for name, code in COUNTRIES.items() if name in result]
    return named[0] if named else _country_of(result) if result.startswith("+") else "US"


def _country_of(number: str) -> str:
    try:
        code = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return "US"
    return code if code in ISO_CODES else "US"


# Members that name a resource, and how it is created from a name, an id or words.


def _named_set(at: Preparation, name: str) -> str:
    at.sms.create_configuration_set(ConfigurationSetName=name or "set-1")
    return name or "set-1"


def _named_list(at: Preparation, name: str) -> str:
    if name != "Default":
        at.sms.create_opt_out_list(OptOutListName=name or "list-1")
    return name or "list-1"


def _attachment(at: Preparation, _told: str) -> str:
    made = at.sms.create_registration_attachment(AttachmentBody=PDF)
    return str(made["RegistrationAttachmentId"])


def _verified(at: Preparation, _told: str) -> str:
    made = at.sms.create_verified_destination_number(DestinationPhoneNumber=person("US"))
    return str(made["VerifiedDestinationNumberId"])


def _notify(at: Preparation, _told: str) -> str:
    made = at.sms.create_notify_configuration(
        DisplayName="Acorn", UseCase="CODE_VERIFICATION", EnabledChannels=["SMS"]
    )
    at.sms.describe_notify_configurations()
    return str(made["NotifyConfigurationId"])


NAMED: Final[Mapping[str, Callable[[Preparation, str], str]]] = {
    "ConfigurationSetName": _named_set,
    "DestinationPhoneNumber": Preparation.destination,
    "NotifyConfigurationId": _notify,
    "OptOutListName": _named_list,
    "OriginationIdentity": Preparation.identity,
    "PhoneNumberId": Preparation.identity,
    "PoolId": Preparation.pool,
    "ProtectConfigurationId": lambda at, _told: at.protect({}),
    "RcsAgentId": Preparation.agent,
    "RegistrationAttachmentId": _attachment,
    "RegistrationId": Preparation.registration,
    "VerifiedDestinationNumberId": _verified,
}
_DEFAULTS: Final[Mapping[str, Any]] = {
    "DisplayName": "Acorn",
    "EnabledChannels": ["SMS"],
    "IsoCountryCode": "US",
    "KeywordMessage": "Hello",
    "MessageBody": "Hello",
    "TemplateVariables": {"code": "482913"},
    "UseCase": "CODE_VERIFICATION",
}
# Words in place of a value.
_WORDS: Final[Mapping[str, Any]] = {
    # The page of www.example.com has about this many characters.
    "a whole web page": "<html>" * 209,
    "bytes": PDF,
    "TEXT or VOICE": "TEXT",
}


# Other circumstances of a call in the files.


def _after_deletion(at: Preparation, result: Any, request: dict[str, Any]) -> None:
    """The call is made directly after the deletion of the agent's or attachment's registration."""
    assert result == "right after its registration was deleted"
    made = at.sms.create_registration(RegistrationType="TEST_RCS_LAUNCH_REGISTRATION")
    registration = made["RegistrationId"]
    at.emulator.clock.advance(seconds=60)
    for field in ask(at.sms, "TEST_RCS_LAUNCH_REGISTRATION"):
        if field["FieldRequirement"] == "REQUIRED":
            given = answer(at.sms, field)
            at.emulator.clock.advance(seconds=60)
            if field["FieldType"] == "ATTACHMENT" and "RegistrationAttachmentId" in request:
                given = {"RegistrationAttachmentId": request["RegistrationAttachmentId"]}
            at.sms.put_registration_field_value(
                RegistrationId=registration, FieldPath=field["FieldPath"], **given
            )
    if "RcsAgentId" in request:
        at.sms.create_registration_association(
            RegistrationId=registration, ResourceId=request["RcsAgentId"]
        )
    at.sms.delete_registration(RegistrationId=registration)


def _of_newest_version(at: Preparation, result: Any, request: dict[str, Any]) -> None:
    """The newest version has a status."""
    request |= {"FieldPath": "companyInfo.companyName", "TextValue": "Example Corp"}
    status = {"DENIED": "REQUIRES_UPDATES", "APPROVED": "COMPLETE"}.get(result)
    if status:
        at.decide(request["RegistrationId"], status)
    elif result != "DRAFT":
        at.fill(request["RegistrationId"])
        at.submit(request["RegistrationId"])


def _with_values(at: Preparation, result: Any, request: dict[str, Any]) -> None:
    """The registration has its number; no value, or all that are required."""
    at.associate(request["RegistrationId"])
    if result != "none":
        at.fill(request["RegistrationId"])


def _with_brand(at: Preparation, result: Any, request: dict[str, Any]) -> None:
    """The campaign is filled in, with or without an associated brand."""
    at.fill(request["RegistrationId"])
    if result:
        at.associate(request["RegistrationId"])


def _of_type(at: Preparation, _told: Any, request: dict[str, Any]) -> None:
    """The registration is of this type, as `Preparation.registration` makes it."""
    assert "RegistrationId" in request
    if at.operation == "PutRegistrationFieldValue":
        request.setdefault("TextValue", "text")


_CIRCUMSTANCES: Final[Mapping[str, Callable[[Preparation, Any, dict[str, Any]], None]]] = {
    "when": _after_deletion,
    "newest version": _of_newest_version,
    "values": _with_values,
    "brand associated": _with_brand,
    "RegistrationType": _of_type,
}


# Entries of lists, and how they are created.


def _listed_number(at: Preparation, entry: Mapping[str, Any]) -> None:
    chosen = {
        "number_type": entry.get("NumberType"),
        "number_capabilities": entry.get("NumberCapabilities"),
        "message_type": entry.get("MessageType"),
    }
    number = at.sms.request_phone_number(
        IsoCountryCode=entry.get("IsoCountryCode", "US"),
        MessageType=chosen["message_type"] or "TRANSACTIONAL",
        NumberCapabilities=chosen["number_capabilities"] or ["SMS"],
        NumberType=chosen["number_type"] or "LONG_CODE",
    )["PhoneNumberId"]
    if entry.get("TwoWayEnabled"):
        topic = _TOPIC.format(region=at.region)
        at.sms.update_phone_number(PhoneNumberId=number, TwoWayEnabled=True, TwoWayChannelArn=topic)


def _listed_sender_id(at: Preparation, entry: Mapping[str, Any]) -> None:
    at.sms.request_sender_id(
        SenderId=entry["SenderId"],
        IsoCountryCode=entry["IsoCountryCode"],
        MessageTypes=[each.upper() for each in entry.get("MessageTypes", ["TRANSACTIONAL"])],
    )


def _listed_registration(at: Preparation, entry: Mapping[str, Any]) -> None:
    kind = entry.get("RegistrationType", "US_TOLL_FREE_REGISTRATION")
    made = at.registration(kind)
    status = entry.get("RegistrationStatus", "CREATED")
    for _former in range(1, entry.get("CurrentVersionNumber", 1)):
        at.decide(made, "REQUIRES_UPDATES")
        at.sms.create_registration_version(RegistrationId=made)
    if status != "CREATED":
        at.decide(made, status)


def _listed_versions(at: Preparation) -> None:
    """All versions of one registration, beginning with the first."""
    versions = sorted(
        at.observation.answer["RegistrationVersions"], key=lambda each: each["VersionNumber"]
    )
    made = at.needed("RegistrationId")
    for version in versions:
        if version["VersionNumber"] > 1:
            at.sms.create_registration_version(RegistrationId=made)
        if version["RegistrationVersionStatus"] == "DENIED":
            at.decide(made, "REQUIRES_UPDATES")
            # The reviewer's findings are not AWS's to repeat.
            at.account.registrations[made].versions[-1].denied_reasons = [
                {"short_description": "text"} | {snake(name): text for name, text in each.items()}
                for each in version.get("DeniedReasons", ())
            ]


def _listed_version(at: Preparation, entry: Mapping[str, Any]) -> None:
    if entry is at.observation.answer["RegistrationVersions"][0]:
        _listed_versions(at)


def _listed_agent(at: Preparation, entry: Mapping[str, Any]) -> None:
    made = at.agent()
    if entry.get("Status") == "TESTING":
        registration = at.registration("TEST_RCS_LAUNCH_REGISTRATION")
        at.sms.create_registration_association(RegistrationId=registration, ResourceId=made)
        at.decide(registration, "COMPLETE")


def _listed_verified(at: Preparation, entry: Mapping[str, Any]) -> None:
    made = at.sms.create_verified_destination_number(
        DestinationPhoneNumber=entry["DestinationPhoneNumber"],
        **({"RcsAgentId": agent} if (agent := at.made.get("RcsAgentId")) else {}),
    )
    if entry.get("Status") == "VERIFIED":
        at.emulator.clock.advance(seconds=1200)
        if "RcsAgentId" in at.made:
            at.emulator.accept_invitation(entry["DestinationPhoneNumber"], at.made["RcsAgentId"])
        else:
            at.account.verified_destination_numbers[
                made["VerifiedDestinationNumberId"]
            ].status = "VERIFIED"


def _listed_set(at: Preparation, entry: Mapping[str, Any]) -> None:
    name = entry["ConfigurationSetName"]
    at.sms.create_configuration_set(ConfigurationSetName=name)
    for destination in entry.get("EventDestinations", ()):
        given = {key: value for key, value in destination.items() if key != "Enabled"}
        at.sms.create_event_destination(ConfigurationSetName=name, **given)


LISTED: Final[Mapping[str, Callable[[Preparation, Mapping[str, Any]], object]]] = {
    "ConfigurationSets": _listed_set,
    "Keywords": lambda at, entry: at.sms.put_keyword(
        OriginationIdentity=at.needed("OriginationIdentity"),
        **{
            "KeywordMessage": "Hello",
            **{key: value for key, value in entry.items() if key.startswith("Keyword")},
        },
    ),
    "NotifyConfigurations": lambda at, _entry: _notify(at, ""),
    "OptOutLists": lambda at, entry: _named_list(at, entry["OptOutListName"]),
    "OptedOutNumbers": lambda at, entry: at.sms.put_opted_out_number(
        OptOutListName=at.needed("OptOutListName"), OptedOutNumber=entry["OptedOutNumber"]
    ),
    "PhoneNumbers": _listed_number,
    "Pools": lambda at, entry: at.pool("", entry.get("MessageType", "TRANSACTIONAL")),
    "ProtectConfigurations": Preparation.protect,
    "RcsAgents": _listed_agent,
    "RegistrationAttachments": lambda at, _entry: _attachment(at, ""),
    "RegistrationVersions": _listed_version,
    "Registrations": _listed_registration,
    "SenderIds": _listed_sender_id,
    "VerifiedDestinationNumbers": _listed_verified,
}
