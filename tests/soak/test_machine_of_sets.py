"""Any sequence of changes to configuration sets, protect configurations and event destinations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, invariant, rule

from tests.raw import NUMBER
from tests.soak.machine import BUDGET, Machine
from tests.state_machines import case_of

NAMES = st.sampled_from(["red", "green", "blue", "grey"])
KEYS = st.sampled_from(["owner", "stage", "cost", "team"])
PERSON = "+14255550123"
TOPIC = {"TopicArn": "arn:aws:sns:us-east-1:123456789012:events"}


@dataclass
class Set:
    """The model's copy of a configuration set."""

    protect: str | None = None
    # Which destinations are enabled.
    destinations: dict[str, bool] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)


@dataclass
class Protect:
    """The model's copy of a protect configuration."""

    protected: bool = False
    country: str = "ALLOW"
    person: str | None = None


class Sets(Machine):
    """The sets and protect configurations of one account, compared with a simple model."""

    quotas: ClassVar = {
        "CONFIGURATION_SETS_PER_ACCOUNT": 3,
        "EVENT_DESTINATIONS_PER_CONFIGURATION_SET": 2,
        "PROTECT_CONFIGURATIONS_PER_ACCOUNT": 2,
        "TAGS_PER_RESOURCE": 2,
    }

    ids = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self.sets: dict[str, Set] = {}
        self.protects: dict[str, Protect] = {}
        self.default: str | None = None
        leased = self.expect(True, "RequestPhoneNumber", **NUMBER)
        assert leased
        self.number = leased["PhoneNumberId"]

    # Sets, their destinations and tags.

    @rule(name=NAMES)
    def make_set(self, name: str) -> None:
        """A set is created if its name is free and the quota allows it."""
        possible = name not in self.sets and len(self.sets) < 3
        if self.expect(possible, "CreateConfigurationSet", ConfigurationSetName=name):
            self.sets[name] = Set()

    @rule(name=NAMES)
    def delete_set(self, name: str) -> None:
        """A set can be deleted with everything in it."""
        if self.expect(name in self.sets, "DeleteConfigurationSet", ConfigurationSetName=name):
            del self.sets[name]

    @rule(name=NAMES, inside=NAMES)
    def make_destination(self, name: str, inside: str) -> None:
        """A set takes destinations with different names, up to the quota."""
        there = self.sets[name].destinations if name in self.sets else None
        possible = there is not None and inside not in there and len(there) < 2
        answer = self.expect(
            possible,
            "CreateEventDestination",
            ConfigurationSetName=name,
            EventDestinationName=inside,
            MatchingEventTypes=["TEXT_ALL"],
            SnsDestination=TOPIC,
        )
        if answer and there is not None:
            there[inside] = True

    @rule(name=NAMES, inside=NAMES, enabled=st.booleans())
    def switch_destination(self, name: str, inside: str, *, enabled: bool) -> None:
        """A destination can be disabled and enabled."""
        there = self.sets[name].destinations if name in self.sets else {}
        names = {"ConfigurationSetName": name, "EventDestinationName": inside}
        if self.expect(inside in there, "UpdateEventDestination", **names, Enabled=enabled):
            there[inside] = enabled

    @rule(name=NAMES, inside=NAMES)
    def delete_destination(self, name: str, inside: str) -> None:
        """A destination can be deleted."""
        there = self.sets[name].destinations if name in self.sets else {}
        names = {"ConfigurationSetName": name, "EventDestinationName": inside}
        if self.expect(inside in there, "DeleteEventDestination", **names):
            del there[inside]

    @rule(name=NAMES, keys=st.sets(KEYS, min_size=1), value=st.sampled_from(["a", "b"]))
    def tag(self, name: str, keys: set[str], value: str) -> None:
        """Tags are added and overwritten, up to the quota."""
        there = self.sets[name].tags if name in self.sets else None
        answer = self.expect(
            there is not None and len(there.keys() | keys) <= 2,
            "TagResource",
            ResourceArn=self.arn_of(name),
            Tags=[{"Key": key, "Value": value} for key in sorted(keys)],
        )
        if answer is not None and there is not None:
            there |= dict.fromkeys(keys, value)

    @rule(name=NAMES, key=KEYS)
    def untag(self, name: str, key: str) -> None:
        """Removing tags that do not exist succeeds."""
        members = {"ResourceArn": self.arn_of(name), "TagKeys": [key]}
        if self.expect(name in self.sets, "UntagResource", **members) is not None:
            self.sets[name].tags.pop(key, None)

    @staticmethod
    def arn_of(name: str) -> str:
        """The ARN of a set."""
        return f"arn:aws:sms-voice:us-east-1:123456789012:configuration-set/{name}"

    # Protect configurations.

    @rule(target=ids)
    def make_protect(self) -> str:
        """A protect configuration is created if the quota allows it."""
        answer = self.expect(len(self.protects) < 2, "CreateProtectConfiguration")
        if answer is None:
            return "protect-none"
        made: str = answer["ProtectConfigurationId"]
        self.protects[made] = Protect()
        self.every_id.append(made)
        return made

    def of(self, operation: str, made: str, *, possible: bool = True, **members: object) -> bool:
        """Call an operation about an existing protect configuration."""
        possible = possible and made in self.protects
        return self.expect(possible, operation, ProtectConfigurationId=made, **members) is not None

    @rule(made=ids)
    def delete_protect(self, made: str) -> None:
        """It cannot be deleted while it is protected, associated, or the account's default."""
        used = self.default == made or any(each.protect == made for each in self.sets.values())
        protected = made in self.protects and self.protects[made].protected
        if self.of("DeleteProtectConfiguration", made, possible=not used and not protected):
            del self.protects[made]

    @rule(made=ids, protected=st.booleans())
    def protect_it(self, made: str, *, protected: bool) -> None:
        """Its deletion protection can be enabled."""
        if self.of("UpdateProtectConfiguration", made, DeletionProtectionEnabled=protected):
            self.protects[made].protected = protected

    @rule(made=ids, name=NAMES)
    def associate(self, made: str, name: str) -> None:
        """A set has at most one protect configuration."""
        members = {"ConfigurationSetName": name}
        if self.of("AssociateProtectConfiguration", made, possible=name in self.sets, **members):
            self.sets[name].protect = made

    @rule(made=ids, name=NAMES)
    def disassociate(self, made: str, name: str) -> None:
        """Only an existing association can be removed."""
        possible = name in self.sets and self.sets[name].protect == made
        members = {"ConfigurationSetName": name}
        if self.of("DisassociateProtectConfiguration", made, possible=possible, **members):
            self.sets[name].protect = None

    @rule(made=ids)
    def set_default(self, made: str) -> None:
        """The account has one default."""
        if self.of("SetAccountDefaultProtectConfiguration", made):
            self.default = made

    @rule()
    def delete_default(self) -> None:
        """An existing default can be removed."""
        if self.expect(self.default is not None, "DeleteAccountDefaultProtectConfiguration"):
            self.default = None

    @rule(made=ids, status=st.sampled_from(["ALLOW", "BLOCK"]))
    def rule_country(self, made: str, status: str) -> None:
        """Countries are allowed or blocked."""
        rules = {"US": {"ProtectStatus": status}}
        if self.of(
            "UpdateProtectConfigurationCountryRuleSet",
            made,
            NumberCapability="SMS",
            CountryRuleSetUpdates=rules,
        ):
            self.protects[made].country = status

    @rule(made=ids, action=st.sampled_from(["ALLOW", "BLOCK"]))
    def override(self, made: str, action: str) -> None:
        """Numbers are allowed or blocked independently of their country."""
        members = {"DestinationPhoneNumber": PERSON, "Action": action}
        if self.of("PutProtectConfigurationRuleSetNumberOverride", made, **members):
            self.protects[made].person = action

    @rule(made=ids)
    def delete_override(self, made: str) -> None:
        """An existing override can be removed."""
        possible = made in self.protects and self.protects[made].person is not None
        members = {"DestinationPhoneNumber": PERSON}
        if self.of(
            "DeleteProtectConfigurationRuleSetNumberOverride", made, possible=possible, **members
        ):
            self.protects[made].person = None

    # Messages.

    @rule(name=st.none() | NAMES)
    def send(self, name: str | None) -> None:
        """The set's protect configuration applies, else the default.

        Events go to the set's destinations.
        """
        used = self.sets.get(name) if name else Set()
        protect = self.protects.get((used and used.protect) or self.default or "", Protect())
        answer = self.expect(
            used is not None and (protect.person or protect.country) == "ALLOW",
            "SendTextMessage",
            DestinationPhoneNumber=PERSON,
            OriginationIdentity=self.number,
            MessageBody="Hello",
            **({"ConfigurationSetName": name} if name else {}),
        )
        if answer is None or used is None:
            return
        self.every_id.append(answer["MessageId"])
        result = {name for name, enabled in used.destinations.items() if enabled}
        events = self.emulator.find_events(message_id=answer["MessageId"]).events
        assert events
        for event in events:
            assert {each.name for each in event.destinations} == result

    # Invariants.

    @invariant()
    def everything_is_known(self) -> None:
        """The account has exactly what the model has."""
        sets = self.account.configuration_sets
        assert {each.id: each.tags for each in sets} == {
            name: each.tags for name, each in self.sets.items()
        }
        for each in sets:
            model = self.sets[each.id]
            assert each.protect_configuration_id == model.protect
            switches = {inside.id: inside.enabled for inside in each.event_destinations.values()}
            assert switches == model.destinations
        there = self.account.protect_configurations
        assert {each.id for each in there} == self.protects.keys()
        assert {each.id for each in there if each.account_default} == {self.default} - {None}


TestSets = case_of(Sets, BUDGET)
