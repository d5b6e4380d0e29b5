"""An account with resources of every kind, so that every listing has entries."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from pinpoint_sms_emu.wire.model import service_model
from tests.raw import NUMBER, Raw

NAMES = ("alpha", "beta", "gamma")
COUNTRIES = ("GB", "FR", "DE")
RECIPIENTS = ("+14255550101", "+14255550102", "+14255550103")

TOLL_FREE = "US_TOLL_FREE_REGISTRATION"
PDF = base64.b64encode(b"%PDF-1.7 and so on").decode()
NOTIFY = {"UseCase": "CODE_VERIFICATION", "EnabledChannels": ["SMS"]}

# The arguments of each operation that lists something, by its name.
Inputs = dict[str, dict[str, Any]]


class Maker:
    """Creates resources by raw calls, if the installed model has them."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw

    def __call__(self, operation: str, **members: Any) -> dict[str, Any]:
        """Create a resource; return the answer."""
        if operation not in service_model().operations:
            return {}
        answer = self.raw(operation, members)
        assert answer.status == 200, answer.text
        return answer.json

    def identity(self) -> dict[str, str]:
        """Request a number; return the members that name it, also for older models."""
        leased = self("RequestPhoneNumber", **NUMBER)["PhoneNumberId"]
        self("DescribePhoneNumbers")
        return {"OriginationIdentity": leased, "IsoCountryCode": "US"}


@pytest.fixture
def make(raw: Raw) -> Maker:
    """Return a maker, which creates resources by raw calls."""
    return Maker(raw)


@pytest.fixture
def inputs(make: Maker) -> Inputs:
    """Create three or more resources of every kind."""
    pools = [
        make("CreatePool", MessageType="TRANSACTIONAL", **make.identity())["PoolId"]
        for _name in NAMES
    ]
    make("DescribePools")
    for _name in NAMES:
        make("AssociateOriginationIdentity", PoolId=pools[0], **make.identity())
    agents = [make("CreateRcsAgent").get("RcsAgentId") for _name in NAMES]
    protections = [make("CreateProtectConfiguration")["ProtectConfigurationId"] for _name in NAMES]
    make("SetAccountDefaultProtectConfiguration", ProtectConfigurationId=protections[0])
    for name, country, person in zip(NAMES, COUNTRIES, RECIPIENTS, strict=True):
        make("CreateOptOutList", OptOutListName=name)
        make("CreateConfigurationSet", ConfigurationSetName=name)
        make("RequestSenderId", SenderId=name, IsoCountryCode=country)
        make("PutKeyword", OriginationIdentity=pools[0], Keyword=name, KeywordMessage="Hello")
        make("PutOptedOutNumber", OptOutListName="alpha", OptedOutNumber=person)
        make("CreateVerifiedDestinationNumber", DestinationPhoneNumber=person)
        make(
            "PutProtectConfigurationRuleSetNumberOverride",
            ProtectConfigurationId=protections[0],
            DestinationPhoneNumber=person,
            Action="BLOCK",
        )
    registration = a_registration(make)
    for name in NAMES:
        make("CreateRegistrationAttachment", AttachmentBody=PDF)
        make("CreateNotifyConfiguration", DisplayName=name, **NOTIFY)
    available = NUMBER | {"NumberType": "TEN_DLC"}
    del available["MessageType"]
    # Few numbers have this prefix, so a test can read all of them.
    few = {"PreferenceType": ["StartsWith"], "Filter": ["+120255502"]}
    return {
        "DescribeAccountAttributes": {},
        "DescribeAccountLimits": {},
        "DescribeConfigurationSets": {},
        "DescribeKeywords": {"OriginationIdentity": pools[0]},
        "DescribeNotifyConfigurations": {},
        "DescribeNotifyTemplates": {},
        "DescribeOptOutLists": {},
        "DescribeOptedOutNumbers": {"OptOutListName": "alpha"},
        "DescribePhoneNumbers": {},
        "DescribePools": {},
        "DescribeProtectConfigurations": {},
        "DescribeRcsAgentCountryLaunchStatus": {"RcsAgentId": agents[0]},
        "DescribeRcsAgents": {},
        "DescribeRegistrationAttachments": {},
        "DescribeRegistrationFieldDefinitions": {"RegistrationType": TOLL_FREE},
        "DescribeRegistrationFieldValues": registration,
        "DescribeRegistrationSectionDefinitions": {"RegistrationType": TOLL_FREE},
        "DescribeRegistrationTypeDefinitions": {},
        "DescribeRegistrationVersions": registration,
        "DescribeRegistrations": {},
        "DescribeSenderIds": {},
        "DescribeSpendLimits": {},
        "DescribeVerifiedDestinationNumbers": {},
        "ListAvailablePhoneNumbers": available | {"NumberPreference": [few]},
        "ListNotifyCountries": {},
        "ListPoolOriginationIdentities": {"PoolId": pools[0]},
        "ListProtectConfigurationRuleSetNumberOverrides": {
            "ProtectConfigurationId": protections[0]
        },
        "ListRegistrationAssociations": registration,
    }


def a_registration(make: Maker) -> dict[str, Any]:
    """Create registrations, the last one with several versions, values and numbers.

    Return its id.
    """
    made = [make("CreateRegistration", RegistrationType=TOLL_FREE) for _name in NAMES]
    named = {"RegistrationId": made[-1]["RegistrationId"]}
    make("DiscardRegistrationVersion", **named)
    make("CreateRegistrationVersion", **named)
    for field in ("companyName", "website", "city"):
        make(
            "PutRegistrationFieldValue",
            FieldPath=f"companyInfo.{field}",
            TextValue="https://example.com",
            **named,
        )
        number = make("RequestPhoneNumber", **NUMBER | {"NumberType": "TOLL_FREE"})
        make("CreateRegistrationAssociation", ResourceId=number["PhoneNumberId"], **named)
    return named
