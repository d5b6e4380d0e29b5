"""Any sequence of calls: unique ids, valid references, and a state that can be restored."""

from __future__ import annotations

import json
from contextlib import suppress

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, consumes, rule

from pinpoint_sms_emu.resources.registrations.review import UndecidableError
from tests.persistence.machine import OTHER, OWNER, StoredMachine, accounts
from tests.state_machines import TIMEOUT, budget, case_of

names = st.sampled_from(["A", "B", "Default"])
people = st.sampled_from(["+14255550100", "+14255550101", "+4915112345678"])


class AnySequence(StoredMachine):
    """Calls of two accounts that share resources with each other; calls may be refused."""

    numbers = Bundle("numbers")
    pools = Bundle("pools")
    protects = Bundle("protects")
    registrations = Bundle("registrations")
    agents = Bundle("agents")
    senders = Bundle("senders")

    @rule(
        target=numbers, account_id=accounts, number_type=st.sampled_from(["TOLL_FREE", "TEN_DLC"])
    )
    def request_number(self, account_id, number_type):
        """Request a number."""
        return self.call(
            "RequestPhoneNumber",
            account_id,
            IsoCountryCode="US",
            MessageType="TRANSACTIONAL",
            NumberCapabilities=["SMS"],
            NumberType=number_type,
        ).get("PhoneNumberArn", "none")

    @rule(number=numbers, account_id=accounts, name=names)
    def update_number(self, number, account_id, name):
        """Give a number another list."""
        self.call("UpdatePhoneNumber", account_id, PhoneNumberId=number, OptOutListName=name)

    @rule(number=consumes(numbers), account_id=accounts)
    def release_number(self, number, account_id):
        """Release a number."""
        self.call("ReleasePhoneNumber", account_id, PhoneNumberId=number)

    @rule(target=pools, number=numbers, account_id=accounts)
    def create_pool(self, number, account_id):
        """Create a pool."""
        return self.call(
            "CreatePool", account_id, OriginationIdentity=number, MessageType="TRANSACTIONAL"
        ).get("PoolArn", "none")

    @rule(pool=pools, name=names, account_id=accounts)
    def update_pool(self, pool, name, account_id):
        """Give a pool another list."""
        self.call("UpdatePool", account_id, PoolId=pool, OptOutListName=name)

    @rule(pool=pools, number=numbers, account_id=accounts)
    def join(self, pool, number, account_id):
        """Add a number to a pool."""
        self.call(
            "AssociateOriginationIdentity", account_id, PoolId=pool, OriginationIdentity=number
        )

    @rule(pool=pools, number=numbers, account_id=accounts)
    def leave(self, pool, number, account_id):
        """Remove a number from a pool."""
        self.call(
            "DisassociateOriginationIdentity", account_id, PoolId=pool, OriginationIdentity=number
        )

    @rule(pool=consumes(pools), account_id=accounts)
    def delete_pool(self, pool, account_id):
        """Delete a pool."""
        self.call("DeletePool", account_id, PoolId=pool)

    @rule(name=names, account_id=accounts)
    def create_list(self, name, account_id):
        """Create a list."""
        self.call("CreateOptOutList", account_id, OptOutListName=name)

    @rule(name=names, account_id=accounts, person=people)
    def opt_out(self, name, account_id, person):
        """Put a number on a list."""
        self.call("PutOptedOutNumber", account_id, OptOutListName=name, OptedOutNumber=person)

    @rule(name=names, account_id=accounts)
    def delete_list(self, name, account_id):
        """Delete a list."""
        self.call("DeleteOptOutList", account_id, OptOutListName=name)

    @rule(target=protects, account_id=accounts)
    def create_protect(self, account_id):
        """Create a protect configuration."""
        made = self.call("CreateProtectConfiguration", account_id)
        return made.get("ProtectConfigurationId", "none")

    @rule(name=names, protect=protects, account_id=accounts)
    def create_set(self, name, protect, account_id):
        """Create a configuration set with a protect configuration."""
        self.call("CreateConfigurationSet", account_id, ConfigurationSetName=name)
        self.call(
            "AssociateProtectConfiguration",
            account_id,
            ConfigurationSetName=name,
            ProtectConfigurationId=protect,
        )

    @rule(name=names, account_id=accounts)
    def delete_set(self, name, account_id):
        """Delete a configuration set."""
        self.call("DeleteConfigurationSet", account_id, ConfigurationSetName=name)

    @rule(protect=protects, account_id=accounts)
    def delete_protect(self, protect, account_id):
        """Delete a protect configuration."""
        self.call("DeleteProtectConfiguration", account_id, ProtectConfigurationId=protect)

    @rule(target=registrations)
    def create_registration(self):
        """Create a registration."""
        made = self.call("CreateRegistration", RegistrationType="US_TOLL_FREE_REGISTRATION")
        return made.get("RegistrationId", "none")

    @rule(registration=registrations, number=numbers)
    def associate(self, registration, number):
        """Associate a number with a registration."""
        self.call("CreateRegistrationAssociation", RegistrationId=registration, ResourceId=number)

    @rule(registration=registrations)
    def delete_registration(self, registration):
        """Delete a registration."""
        self.call("DeleteRegistration", RegistrationId=registration)

    @rule(resource=st.one_of(numbers, pools), account_id=accounts)
    def share(self, resource, account_id):
        """Share a resource with the other account, or stop sharing it."""
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": OTHER if account_id == OWNER else OWNER},
            "Action": "sms-voice:*",
        }
        policy = json.dumps({"Statement": [statement]})
        if not self.call("PutResourcePolicy", account_id, ResourceArn=resource, Policy=policy):
            self.call("DeleteResourcePolicy", account_id, ResourceArn=resource)

    @rule(number=numbers, account_id=accounts, person=people, name=st.none() | names)
    def send(self, number, account_id, person, name):
        """Send a text."""
        self.call(
            "SendTextMessage",
            account_id,
            DestinationPhoneNumber=person,
            OriginationIdentity=number,
            MessageBody="Hello",
            ConfigurationSetName=name,
        )

    @rule(person=people, body=st.sampled_from(["STOP", "HELP", "hello"]))
    def answer(self, person, body):
        """A recipient answers the latest text."""
        for message in reversed(self.emulator.messages):
            if message.recipient == person:
                # The number may have been released.
                with suppress(LookupError, ValueError):
                    self.emulator.receive(body, sender=person, recipient=message.sender)
                return

    @rule(target=senders, account_id=accounts, name=st.sampled_from(["ACME", "SHOP"]))
    def request_sender_id(self, account_id, name):
        """Request a sender ID."""
        made = self.call("RequestSenderId", account_id, SenderId=name, IsoCountryCode="DE")
        return made.get("SenderIdArn", "none")

    @rule(pool=pools, sender=senders, account_id=accounts, joins=st.booleans())
    def move_sender_id(self, pool, sender, account_id, joins):
        """Add a sender ID to a pool, or remove it."""
        operation = "Associate" if joins else "Disassociate"
        self.call(
            f"{operation}OriginationIdentity",
            account_id,
            PoolId=pool,
            OriginationIdentity=sender,
            IsoCountryCode="DE",
        )

    @rule(sender=consumes(senders), account_id=accounts)
    def release_sender_id(self, sender, account_id):
        """Release a sender ID."""
        self.call("ReleaseSenderId", account_id, SenderId=sender, IsoCountryCode="DE")

    @rule(target=agents, account_id=accounts, name=st.none() | names)
    def create_agent(self, account_id, name):
        """Create an RCS agent."""
        return self.call("CreateRcsAgent", account_id, OptOutListName=name).get("RcsAgentArn", "")

    @rule(agent=consumes(agents), account_id=accounts)
    def delete_agent(self, agent, account_id):
        """Delete an agent."""
        self.call("DeleteRcsAgent", account_id, RcsAgentId=agent)

    @rule(person=people, account_id=accounts, agent=st.none() | agents)
    def verify(self, person, account_id, agent):
        """Verify a number, or invite a tester of an agent."""
        self.call(
            "CreateVerifiedDestinationNumber",
            account_id,
            DestinationPhoneNumber=person,
            RcsAgentId=agent,
        )

    @rule(account_id=accounts, pool=st.none() | pools)
    def notify(self, account_id, pool):
        """Create a notify configuration, perhaps with a pool."""
        self.call(
            "CreateNotifyConfiguration",
            account_id,
            DisplayName="Codes",
            UseCase="CODE_VERIFICATION",
            EnabledChannels=["SMS"],
            PoolId=pool,
        )

    @rule(registration=registrations, decision=st.sampled_from(["COMPLETE", "CLOSED"]))
    def review(self, registration, decision):
        """Review a registration, which may not have been submitted."""
        self.call("SubmitRegistrationVersion", RegistrationId=registration)
        with suppress(LookupError, ValueError, UndecidableError):
            self.emulator.review(registration, decision)


BUDGET = budget(examples=12, steps=40, soak_examples=1500)
TestAnySequence = case_of(AnySequence, BUDGET)
# Every change of a status takes a minute.
TestAnySequenceThatTakesTime = case_of(AnySequence, BUDGET, transition_seconds=60)
pytestmark = TIMEOUT
