"""An account: all tables of resources that one AWS account has in one Region."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Protocol

from pinpoint_sms_emu.messaging.contacts import Contacts
from pinpoint_sms_emu.messaging.delivery.media_files import MediaFiles
from pinpoint_sms_emu.messaging.delivery.outcomes import Outcomes
from pinpoint_sms_emu.messaging.events.deliveries import EventDeliveries
from pinpoint_sms_emu.messaging.message_store import Messages
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.reference.partitions import partition_of
from pinpoint_sms_emu.resources.configuration_sets import ConfigurationSet
from pinpoint_sms_emu.resources.notify_configurations import NotifyConfiguration
from pinpoint_sms_emu.resources.number_overrides import NumberOverride
from pinpoint_sms_emu.resources.opt_out_lists import DEFAULT_LIST, OptOutList
from pinpoint_sms_emu.resources.phone_numbers import PhoneNumbers
from pinpoint_sms_emu.resources.pools import Pool
from pinpoint_sms_emu.resources.protect_configurations import ProtectConfiguration
from pinpoint_sms_emu.resources.rcs_agents import RcsAgent
from pinpoint_sms_emu.resources.registrations.attachments import RegistrationAttachment
from pinpoint_sms_emu.resources.registrations.registrations import Registration
from pinpoint_sms_emu.resources.registrations.versions import RegistrationVersion
from pinpoint_sms_emu.resources.resource_policies import shares
from pinpoint_sms_emu.resources.sender_ids import SenderIds
from pinpoint_sms_emu.resources.verified_destination_numbers import VerifiedDestinationNumbers
from pinpoint_sms_emu.settings import Settings
from pinpoint_sms_emu.state.clock import Clock
from pinpoint_sms_emu.state.random_source import RandomSource
from pinpoint_sms_emu.state.scheduler import Scheduler
from pinpoint_sms_emu.state.tables import Entry, Resource, Table
from pinpoint_sms_emu.state.times_log import DAY, MINUTE, SECOND, TimesLog
from pinpoint_sms_emu.wire.idempotency import Tokens


class StateInterface(Protocol):
    """The part of `State` that accounts use.

    Operations use it through their account: `account.now()`, `account.messages`,
    `account.schedule(…)`.
    """

    settings: Settings
    clock: Clock
    random_source: RandomSource
    scheduler: Scheduler
    messages: Messages
    events: EventDeliveries
    outcomes: Outcomes
    media_files: MediaFiles
    # All accounts, by account id and Region.
    accounts: dict[tuple[str, str], Account]
    # The sequence number of the resource that was created last.
    sequence: int
    # The operation that is being answered: a resource policy may allow only some operations.
    operation: str
    # The id for the next resource, if a test or a seed file has chosen one.
    requested_id: str | None

    def account(self, account_id: str, region: str) -> Account:
        """Return an account in a Region; it is created on first use."""


class Account:
    """One account in one Region. Accounts share only what a resource policy allows."""

    # Attributes that are not tables; `persistence.document` reads them with these types.
    sns_attributes: dict[str, str]
    released_sender_ids: dict[str, datetime]
    registration_attachments_created: list[datetime]
    spend_limit_overrides: dict[str, int]
    spent: dict[str, dict[str, Decimal]]
    buckets: dict[str, datetime]
    within_a_day: TimesLog
    within_a_minute: TimesLog
    within_a_second: TimesLog
    contacts: Contacts

    def __init__(self, state: StateInterface, account_id: str, region: str) -> None:
        self.state = state
        self.account_id = account_id
        self.region = region
        self.partition = partition_of(region).name
        self.tokens = Tokens()

        self.configuration_sets = Table(
            self, ConfigurationSet, quota="CONFIGURATION_SETS_PER_ACCOUNT"
        )
        self.opt_out_lists = Table(self, OptOutList, quota="OPT_OUT_LISTS_PER_ACCOUNT")
        self.phone_numbers = PhoneNumbers(self)
        self.sender_ids = SenderIds(self)
        # When the release of each becomes final.
        self.released_sender_ids = {}
        self.rcs_agents = Table(self, RcsAgent, quota="RCS_AGENTS_PER_ACCOUNT")
        self.pools = Table(self, Pool, quota="POOLS_PER_ACCOUNT")
        self.verified_destination_numbers = VerifiedDestinationNumbers(self)
        self.protect_configurations = Table(
            self, ProtectConfiguration, quota="PROTECT_CONFIGURATIONS_PER_ACCOUNT"
        )
        self.registrations = Table(self, Registration, quota="REGISTRATIONS_PER_ACCOUNT")
        self.registration_attachments = Table(
            self, RegistrationAttachment, quota="REGISTRATION_ATTACHMENTS_PER_ACCOUNT"
        )
        # When each attachment of the last 24 hours was created.
        self.registration_attachments_created = []

        self.notify_configurations = Table(
            self, NotifyConfiguration, quota="NOTIFY_CONFIGURATIONS_PER_ACCOUNT"
        )

        # The SMS attributes of SNS that were set, by name. The spend limit is not one of them.
        self.sns_attributes = {}

        # In US dollars, by kind of message; `spent` also by month, such as 2026-11.
        self.spend_limit_overrides = {}
        self.spent = {}

        # When each token bucket will be full again, with `throttling`.
        self.buckets = {}

        # Recent events that count towards a limit per day, minute or second.
        self.within_a_day = TimesLog(DAY)
        self.within_a_minute = TimesLog(MINUTE)
        self.within_a_second = TimesLog(SECOND)

        # The last origin of messages to each recipient.
        self.contacts = Contacts()

        # Every table, by the kind of its resources.
        self.tables = {each.kind: each for each in vars(self).values() if isinstance(each, Table)}

    def begin(self) -> None:
        """Create the opt-out list that every new account has; it counts towards the quota."""
        default = self.opt_out_lists.add(OptOutList(id=DEFAULT_LIST))
        # A fixed time (our choice), so that an account that is not kept always answers the same.
        default.created_timestamp = datetime(self.now().year, 1, 1, tzinfo=UTC)

    @property
    def place(self) -> tuple[str, str]:
        """The account id and the Region."""
        return self.account_id, self.region

    @property
    def settings(self) -> Settings:
        """The settings of the emulator."""
        return self.state.settings

    @property
    def messages(self) -> Messages:
        """The messages of all accounts."""
        return self.state.messages

    @property
    def events(self) -> EventDeliveries:
        """The event records of all accounts, and their deliveries."""
        return self.state.events

    @property
    def outcomes(self) -> Outcomes:
        """The outcomes that users have chosen for messages."""
        return self.state.outcomes

    @property
    def media_files(self) -> MediaFiles:
        """The messages whose media files have not been inspected yet."""
        return self.state.media_files

    @property
    def random_source(self) -> RandomSource:
        """The source of all ids and codes."""
        return self.state.random_source

    @property
    def operation(self) -> str:
        """The operation that is being answered."""
        return self.state.operation

    def all_accounts(self) -> Iterable[Account]:
        """Every account in every Region."""
        return self.state.accounts.values()

    def accounts_in_region(self) -> list[Account]:
        """Every account in this Region, including this one."""
        return [each for each in self.all_accounts() if each.region == self.region]

    def in_region(self, account_id: str) -> Account:
        """Return another account in this Region."""
        return self.state.account(account_id, self.region)

    def find(self, kind: str, key: str) -> Entry | None:
        """Find a resource or message of this account by kind and key, or return None."""
        if kind == Message.kind:
            return self.state.messages.get(key)
        if kind == NumberOverride.kind:
            configuration = self.protect_configurations.get(key.partition("/")[0])
            return configuration.number_overrides.get(key) if configuration else None
        if kind == RegistrationVersion.kind:
            registration = self.registrations.get(key.partition("/")[0])
            versions = registration.versions if registration else []
            return next((each for each in versions if each.key == key), None)
        return self.tables[kind].get(key)

    def class_of(self, kind: str) -> type[Entry] | None:
        """Return the class of what `find` finds by this kind; None for an unknown kind."""
        for each in (Message, NumberOverride, RegistrationVersion):
            if each.kind == kind:
                return each
        return self.tables[kind].of if kind in self.tables else None

    def now(self) -> datetime:
        """The emulator's time."""
        return self.state.clock.now()

    def new_id(self, prefix: str) -> str:
        """Make an id in the service's format: a prefix, and a UUID without dashes."""
        chosen, self.state.requested_id = self.state.requested_id, None
        return chosen or prefix + self.random_source.identifier()

    def next_sequence(self) -> int:
        """Return the next sequence number, which is unique across accounts."""
        self.state.sequence += 1
        return self.state.sequence

    def quota(self, name: str) -> int:
        """The value of a quota."""
        return self.state.settings.quotas[name]

    def shared(self, kind: str) -> list[Resource]:
        """Return the resources of a kind that other accounts in this Region share with this one."""
        return sorted(
            (
                resource
                for account in self.state.accounts.values()
                if account.region == self.region and account is not self
                for resource in account.tables[kind]
                if resource.policy
                and shares(resource.policy, self.account_id, self.state.operation)
            ),
            key=attrgetter("sequence"),
        )

    def owner_of(self, resource: Resource) -> Account:
        """Return the account that owns a resource: this one, or one that shares it."""
        return self.state.account(resource.account_id, self.region)

    def schedule(
        self,
        job: Callable[..., None],
        resource: Entry,
        seconds: float | None = None,
        *,
        at: datetime | None = None,
    ) -> None:
        """Schedule a job for a resource; without a time, after `transition_seconds`."""
        if seconds is None:
            seconds = self.settings.transition_seconds
        now = self.now()
        self.state.scheduler.put(
            at or (now + timedelta(seconds=seconds) if seconds else now),
            job,
            self.account_id,
            self.region,
            resource.kind,
            resource.key,
        )
