"""What helps after a refusal, if the state does not tell: sentences by what the error names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pinpoint_sms_emu.wording import WITH_ADD_NUMBER

# If a resource is not found, by its type.
IF_NOT_FOUND: Final[Mapping[str, str]] = {
    "phone-number": f"Add it {WITH_ADD_NUMBER}, or call RequestPhoneNumber.",
    "pool": "Call CreatePool first; DescribePools lists the pools there are.",
    "sender-id": "Call RequestSenderId first; DescribeSenderIds lists the sender IDs there are.",
    "configuration-set": "Call CreateConfigurationSet first, or leave ConfigurationSetName out.",
    "opt-out-list": "Call CreateOptOutList first; DescribeOptOutLists lists the lists there are.",
    "protect-configuration": "Call CreateProtectConfiguration first.",
    "rcs-agent": "Call CreateRcsAgent first; DescribeRcsAgents lists the agents there are.",
    "registration": "Call CreateRegistration first; DescribeRegistrations lists them.",
    "verified-destination-number": "Call CreateVerifiedDestinationNumber first.",
    "message": "GET /_emulator/messages lists the messages that are kept.",
}
E164: Final = "Write numbers in E.164 form, with the country code: +14255550123."
# If a field of this name has the wrong form.
BY_FIELD: Final[Mapping[str, str]] = {
    "destinationPhoneNumber": E164,
    "optedOutNumber": E164,
    "phoneNumber": E164,
}
# If the form is right, but not the value: by Reason.
BY_REASON: Final[Mapping[str, str]] = {
    "COUNTRY_NOT_ENABLED": "Enable the country in the Notify configuration, if ListNotifyCountries "
    "lists it for its tier.",
    "PHONE_NUMBER_CANNOT_BE_OPTED_IN": "Move the clock by 30 days, or receive a keyword with the "
    "action OPT_IN.",
    "PRICE_OVER_THRESHOLD": "Raise the maximum price, or leave it out.",
    "REQUESTED_SPEND_LIMIT_HIGHER_THAN_SERVICE_LIMIT": "DescribeSpendLimits returns the highest "
    "limit as MaxLimit.",
}
# If a request is refused before its call is read, by the code of the error.
WITH_SIGNING: Final[Mapping[str, str]] = {
    "MissingAuthenticationTokenException": (
        "Sign the request, with any credentials: SDKs do, and curl does with "
        "--aws-sigv4 aws:amz:us-east-1:sms-voice --user any:any."
    ),
    "UnrecognizedClientException": (
        "Add it to the file for the setting signing_keys, or sign with a key that is there."
    ),
    "InvalidSignatureException": (
        "Sign with the secret that signing_keys has for the access key, on a machine whose clock "
        "is right."
    ),
}
