"""Any sequence of changes to sender IDs, verified numbers, and registrations with their numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, invariant, rule

from pinpoint_sms_emu.emulator import engine_of
from tests.raw import NUMBER
from tests.soak.machine import BUDGET, Machine
from tests.state_machines import case_of

SENDERS = st.sampled_from([("ACME", "GB"), ("ACME", "DE"), ("SHOP", "GB"), ("SHOP", "US")])
RECIPIENTS = st.sampled_from(["+14255550123", "+14255550124", "+14255550125"])
WITHOUT_SENDER_IDS = {"US"}
CODES_A_DAY = 2


@dataclass
class Verified:
    """The model's copy of a verified destination number."""

    number: str
    created: datetime
    sent: list[datetime] = field(default_factory=list)
    code: str | None = None
    done: bool = False


class Paperwork(Machine):
    """Sender IDs, verified numbers and registrations of one account, compared with a model."""

    quotas: ClassVar = {
        "PHONE_NUMBERS_PER_ACCOUNT": 3,
        "REGISTRATIONS_PER_ACCOUNT": 2,
        "SENDER_IDS_PER_ACCOUNT": 2,
        "VERIFICATION_ATTEMPTS_PER_DAY": CODES_A_DAY,
        "VERIFIED_DESTINATION_NUMBERS_PER_ACCOUNT": 2,
    }

    verifieds = Bundle("verifieds")
    numbers = Bundle("numbers")
    registrations = Bundle("registrations")

    def __init__(self) -> None:
        super().__init__()
        self.emulator.clock.freeze()
        # Which sender IDs are protected, and the registration of each number.
        self.senders: dict[tuple[str, str], bool] = {}
        self.verified: dict[str, Verified] = {}
        self.owned: dict[str, str | None] = {}
        self.registered: set[str] = set()
        # Those that have lost their last number.
        self.closed: set[str] = set()
        self.emulator.add_number("+12065550100", phone_number_id="sends")

    @property
    def now(self) -> datetime:
        """The emulator's time."""
        return self.emulator.clock.now()

    # Sender IDs.

    @rule(sender=SENDERS, protected=st.booleans())
    def request_sender(self, sender: tuple[str, str], *, protected: bool) -> None:
        """A sender ID can be requested once in each country that supports them, up to the quota."""
        answer = self.expect(
            sender not in self.senders
            and sender[1] not in WITHOUT_SENDER_IDS
            and len(self.senders) < 2,
            "RequestSenderId",
            **self.named(sender),
            DeletionProtectionEnabled=protected,
        )
        if answer:
            self.senders[sender] = protected

    @rule(sender=SENDERS, protected=st.booleans())
    def protect_sender(self, sender: tuple[str, str], *, protected: bool) -> None:
        """Deletion protection of a sender ID can be enabled."""
        members = self.named(sender) | {"DeletionProtectionEnabled": protected}
        if self.expect(sender in self.senders, "UpdateSenderId", **members):
            self.senders[sender] = protected

    @rule(sender=SENDERS)
    def release_sender(self, sender: tuple[str, str]) -> None:
        """A sender ID without deletion protection can be released."""
        possible = sender in self.senders and not self.senders[sender]
        if self.expect(possible, "ReleaseSenderId", **self.named(sender)):
            del self.senders[sender]

    @staticmethod
    def named(sender: tuple[str, str]) -> dict[str, object]:
        """The parameters that identify a sender ID."""
        return {"SenderId": sender[0], "IsoCountryCode": sender[1]}

    # Verified numbers.

    @rule(target=verifieds, person=RECIPIENTS)
    def add_destination(self, person: str) -> str:
        """A number can be added once, up to the quota."""
        noted = {each.number for each in self.verified.values()}
        answer = self.expect(
            person not in noted and len(noted) < 2,
            "CreateVerifiedDestinationNumber",
            DestinationPhoneNumber=person,
        )
        if answer is None:
            return "verified-none"
        made: str = answer["VerifiedDestinationNumberId"]
        self.verified[made] = Verified(person, self.now)
        self.every_id.append(made)
        return made

    @rule(made=verifieds)
    def send_code(self, made: str) -> None:
        """Codes are sent to numbers that are not verified, up to the daily limit."""
        known = self.verified.get(made)
        today = (
            [each for each in known.sent if self.now - each < timedelta(days=1)] if known else []
        )
        answer = self.expect(
            known is not None and not known.done and len(today) < CODES_A_DAY,
            "SendDestinationNumberVerificationCode",
            VerifiedDestinationNumberId=made,
            VerificationChannel="TEXT",
            OriginationIdentity="sends",
        )
        if answer and known:
            known.sent.append(self.now)
            known.code = (
                engine_of(self.emulator).state.messages[answer["MessageId"]].body.rpartition(" ")[2]
            )

    @rule(made=verifieds, right=st.booleans())
    def verify(self, made: str, *, right: bool) -> None:
        """Only the last code is valid, for fifteen minutes, and once."""
        known = self.verified.get(made)
        in_time = known and known.sent and self.now - known.sent[-1] < timedelta(minutes=15)
        answer = self.expect(
            bool(in_time) and right and known is not None and not known.done,
            "VerifyDestinationNumber",
            VerifiedDestinationNumberId=made,
            VerificationCode=known.code if known and known.code and right else "none",
        )
        if answer and known:
            known.done = True

    @rule(made=verifieds)
    def delete_destination(self, made: str) -> None:
        """A number can be deleted after a day."""
        known = self.verified.get(made)
        possible = known is not None and self.now - known.created >= timedelta(days=1)
        operation = "DeleteVerifiedDestinationNumber"
        if self.expect(possible, operation, VerifiedDestinationNumberId=made):
            del self.verified[made]

    # Registrations and their numbers.

    @rule(target=numbers)
    def request_number(self) -> str:
        """A toll-free number can be requested if the quota allows it: one exists from the start."""
        members = NUMBER | {"NumberType": "TOLL_FREE"}
        answer = self.expect(len(self.owned) < 2, "RequestPhoneNumber", **members)
        if answer is None:
            return "phone-none"
        number: str = answer["PhoneNumberId"]
        self.owned[number] = None
        self.every_id.append(number)
        return number

    @rule(number=numbers)
    def release_number(self, number: str) -> None:
        """A number can be released, which ends its association; the last one closes it."""
        if self.expect(number in self.owned, "ReleasePhoneNumber", PhoneNumberId=number):
            made = self.owned.pop(number)
            if made is not None and made not in self.owned.values():
                self.closed.add(made)

    @rule(target=registrations)
    def register(self) -> str:
        """A registration is created if the quota allows it."""
        answer = self.expect(
            len(self.registered) < 2,
            "CreateRegistration",
            RegistrationType="US_TOLL_FREE_REGISTRATION",
        )
        if answer is None:
            return "registration-none"
        made: str = answer["RegistrationId"]
        self.registered.add(made)
        self.every_id.append(made)
        return made

    @rule(made=registrations, number=numbers)
    def associate(self, made: str, number: str) -> None:
        """A number is associated with one registration, which is not closed."""
        is_open = made in self.registered - self.closed
        possible = is_open and self.owned.get(number, made) is None
        members = {"RegistrationId": made, "ResourceId": number}
        if self.expect(possible, "CreateRegistrationAssociation", **members):
            self.owned[number] = made

    @rule(made=registrations)
    def fill_in_and_submit(self, made: str) -> None:
        """A registration is submitted only with a number, and filled in until it is closed."""
        if made not in self.owned.values():
            self.expect(False, "SubmitRegistrationVersion", RegistrationId=made)
        self.expect(False, "CreateRegistrationVersion", RegistrationId=made)
        self.expect(
            made in self.registered - self.closed,
            "PutRegistrationFieldValue",
            RegistrationId=made,
            FieldPath="companyInfo.companyName",
            TextValue="Example",
        )

    @rule(made=registrations)
    def delete_registration(self, made: str) -> None:
        """A registration without numbers can be deleted."""
        possible = made in self.registered and made not in self.owned.values()
        if self.expect(possible, "DeleteRegistration", RegistrationId=made):
            self.registered.discard(made)

    # Invariants.

    @invariant()
    def everything_is_known(self) -> None:
        """The account has exactly what the model has."""
        account = self.account
        assert self.senders == {
            (each.id, each.iso_country_code): each.deletion_protection_enabled
            for each in account.sender_ids
        }
        assert {each.id: each.status for each in account.verified_destination_numbers} == {
            made: "VERIFIED" if each.done else "PENDING" for made, each in self.verified.items()
        }
        numbers = {each.id: each.registration_id for each in account.phone_numbers}
        assert numbers == {"sends": None} | self.owned
        assert {each.id for each in account.registrations} == self.registered


TestPaperwork = case_of(Paperwork, BUDGET)
