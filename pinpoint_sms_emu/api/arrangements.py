"""The public methods to arrange: numbers, inbound messages, reviews, faults and outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy, deepcopy
from operator import attrgetter
from typing import TYPE_CHECKING, Unpack

from pinpoint_sms_emu.service.faults import Fault
from pinpoint_sms_emu.state.steps import finish
from pinpoint_sms_emu.wire.protocol import DEFAULT_ACCOUNT, DEFAULT_REGION
from pinpoint_sms_emu.wording import quoted

if TYPE_CHECKING:
    from pinpoint_sms_emu.messaging.delivery.outcomes import Outcome
    from pinpoint_sms_emu.messaging.inbound import Inbound, Interactions
    from pinpoint_sms_emu.resources.added_numbers import NumberSettings
    from pinpoint_sms_emu.resources.numbers import Number
    from pinpoint_sms_emu.resources.registrations.registrations import Registration
    from pinpoint_sms_emu.resources.verified_destination_numbers import Tester
    from pinpoint_sms_emu.service.engine import Engine
    from pinpoint_sms_emu.service.opt_outs import OptOut, OptOutQuery


class ArrangementsApi:
    """Changes that users make in addition to AWS's operations."""

    _engine: Engine

    def add_number(
        self,
        phone_number: str,
        *,
        account_id: str = DEFAULT_ACCOUNT,
        region: str = DEFAULT_REGION,
        **settings: Unpack[NumberSettings],
    ) -> Number:
        """Add a phone number of your choice to an account. It is ACTIVE at once.

        AWS does not let its users choose a number or its id; tests need to.

        `phone_number`: in E.164 form, or the digits of a short code. `account_id`, `region`: the
        account that gets it. All settings of RequestPhoneNumber and UpdatePhoneNumber can be given
        in snake case, and a `phone_number_id`; defaults are derived from the number.

        Returns a `Number` with AWS's members. Raises a ValueError for wrong arguments, and a
        LookupError for an unknown pool, opt-out list or registration; then nothing has changed.

            number = sms.add_number("+12065550100", number_type="TOLL_FREE")
            sns_handler(number.phone_number_id)
        """
        from pinpoint_sms_emu.resources.numbers import Number
        from pinpoint_sms_emu.service import arrangements

        engine = self._engine
        with engine.transaction():
            added = engine.change(
                arrangements.add_number,
                phone_number,
                account_id=account_id,
                region=region,
                **settings,
            )
            return Number.of(added)

    @property
    def numbers(self) -> list[Number]:
        """The phone numbers of all accounts, oldest first, with AWS's members.

        for number in sms.numbers:
            print(number.phone_number, number.status)
        """
        return self.find_numbers()

    def find_numbers(
        self, *, account_id: str | None = None, region: str | None = None
    ) -> list[Number]:
        """Find the phone numbers of an account, in a Region, or everywhere, oldest first.

        `account_id`, `region`: limit the list to an account or a Region. Returns a list of
        `Number`. Raises a ValueError for wrong arguments.

            [number] = sms.find_numbers(account_id="123456789012", region="us-east-1")
        """
        from pinpoint_sms_emu.resources.numbers import Number

        with self._engine.transaction():
            found = [
                number
                for account in self._engine.state.accounts_in(account_id, region)
                for number in account.phone_numbers
            ]
            return [Number.of(each) for each in sorted(found, key=attrgetter("sequence"))]

    def receive(
        self,
        body: str | None = None,
        *,
        sender: str,
        recipient: str,
        account_id: str | None = None,
        region: str | None = None,
        **interactions: Unpack[Interactions],
    ) -> Inbound:
        """Receive a message from an end user, or another interaction with an RCS agent.

        `sender`: the end user's number; `recipient`: a number of an account, or the id of a number
        or an RCS agent; `account_id`, `region`: needed if several accounts have this recipient.
        Instead of a `body`, an agent can receive one of: `suggestion`, a tap on a suggestion
        (`text`, `postback_data`); `location` (`latitude`, `longitude`); `media` (`file_name`,
        `mime_type`, `file_size_bytes`, and `status`: SUCCESS, UPLOAD_FAILED or
        ROLE_ASSUME_FAILED); `typing=True`; `conversation_started=True`.

        Returns an object with `message_id`, and for a text `keyword`, `action` and `reply`. Raises
        a ValueError for wrong arguments, and a LookupError if no account has the recipient.

            answer = sms.receive("STOP", sender="+14255550100", recipient="+12065550100")
            sms.receive(suggestion={"text": "Yes", "postback_data": "yes:1"}, sender=…, recipient=…)
        """
        from pinpoint_sms_emu.service import arrangements

        received: Inbound = self._engine.change(
            arrangements.receive,
            body,
            sender=sender,
            recipient=recipient,
            account_id=account_id,
            region=region,
            **interactions,
        )
        return received

    def find_opt_outs(self, **query: Unpack[OptOutQuery]) -> list[OptOut]:
        """Find who has opted out, on which list, and what did it.

        `recipient`: whether this number has; `sender`: only on the list that counts for what this
        number, sender ID, pool or RCS agent sends; `account_id`, `region`: whose lists.

        Returns objects with `opted_out_number`, `opt_out_list_name`, `opted_out_timestamp`,
        `end_user_opted_out`, and the `message_id` of the inbound message or the `request_id` of
        the call that opted it out. Raises a ValueError for wrong arguments.

            sms.receive("STOP", sender="+14255550100", recipient="+12065550100")
            [opt_out] = sms.find_opt_outs(recipient="+14255550100")
            assert opt_out.opt_out_list_name == "Default"
        """
        from pinpoint_sms_emu.service import opt_outs

        engine = self._engine
        with engine.transaction():
            found = opt_outs.find(engine.state, engine.calls.all(), **query)
        return finish(found)

    def accept_invitation(
        self,
        tester: str,
        rcs_agent_id: str | None = None,
        *,
        account_id: str | None = None,
        region: str | None = None,
    ) -> Tester:
        """Accept the invitation to test an RCS agent, as an end user.

        `tester`: the id or ARN of a verified destination number that was created with an
        RcsAgentId, or the phone number itself; `rcs_agent_id`: the agent, if several have invited
        the number; `account_id`, `region`: the account of the agent.

        Returns the tester, who is now VERIFIED. Raises a LookupError for an unknown tester, and a
        ValueError without an open invitation.

            sms.accept_invitation("+14255550100")
        """
        from pinpoint_sms_emu.service import arrangements

        accepted: Tester = self._engine.change(
            arrangements.accept_invitation,
            tester,
            rcs_agent_id,
            account_id=account_id,
            region=region,
        )
        return accepted

    def review(
        self,
        registration_id: str,
        decision: str,
        *,
        reason: str | None = None,
        fields: Mapping[str, str] | None = None,
        carriers: Mapping[str, str] | None = None,
        account_id: str | None = None,
        region: str | None = None,
    ) -> Registration:
        """Decide about a registration, as AWS's reviewers do.

        `decision`: COMPLETE, REQUIRES_UPDATES, CLOSED or another RegistrationStatus. `reason`: why,
        with REQUIRES_UPDATES; `fields`: reasons for single fields, by their paths. `carriers`:
        the status (ACTIVE, PENDING or REJECTED) of single carriers of an RCS launch, with
        PROVISIONING or COMPLETE.

        Returns a copy of the registration. Raises a ValueError for wrong arguments, a LookupError
        for an unknown id, and an UndecidableError if its status does not allow the decision.

            sms.review(registration_id, "REQUIRES_UPDATES", reason="The logo is not readable")
            sms.review(registration_id, "COMPLETE")
        """
        from pinpoint_sms_emu.service import arrangements

        with self._engine.transaction():
            reviewed: Registration = self._engine.change(
                arrangements.review_registration,
                registration_id,
                decision,
                reason=reason,
                fields=_mapping("fields", fields) or {},
                carriers=_mapping("carriers", carriers),
                account_id=account_id,
                region=region,
            )
            return deepcopy(reviewed)

    # Faults.

    def fail(
        self,
        operation: str,
        error: str | None = None,
        *,
        reason: str | None = None,
        times: int | None = None,
        probability: float = 1.0,
        delay_seconds: float = 0.0,
        cut: bool = False,
        account_id: str | None = None,
        region: str | None = None,
    ) -> Fault:
        """Make calls fail, or delay or cut their answers.

        `operation`: the operation, or `*` for all; `error` and `reason`: the error to answer with;
        `times`: the number of calls (default: until it is cleared); `probability`: from 0 to 1;
        `delay_seconds`: a delay before the answer; `cut`: close the connection in the middle of
        the answer, after the change was made; `account_id`, `region`: limit it to an account.

        Returns a copy of the fault, with its `id`. Raises a ValueError for wrong arguments, such as
        an error that the operation does not have.

            sms.fail("SendTextMessage", "ThrottlingException", times=2)
        """
        from pinpoint_sms_emu.service import arrangements

        fault: Fault = self._engine.change(
            arrangements.add_fault,
            operation,
            error=error,
            reason=reason,
            times=times,
            probability=probability,
            delay_seconds=delay_seconds,
            cut=cut,
            account_id=account_id,
            region=region,
        )
        return copy(fault)

    @property
    def faults(self) -> list[Fault]:
        """Copies of the active faults, in the order in which they were added.

        for fault in sms.faults:
            print(fault.id, fault.operation, fault.error)
        """
        with self._engine.lock:
            return [copy(each) for each in self._engine.state.faults]

    def clear_faults(self, fault_id: str | None = None) -> None:
        """Remove one fault, or all.

        `fault_id`: the `id` of the fault (default: all). Raises a LookupError for a fault that is
        unknown or used up.

            fault = sms.fail("DescribePools", "InternalServerException")
            sms.clear_faults(fault.id)
        """
        from pinpoint_sms_emu.service import arrangements

        self._engine.change(arrangements.clear_faults, fault_id)

    # Outcomes.

    def outcome(
        self,
        event: str,
        recipient: str = "*",
        *,
        times: int | None = None,
        account_id: str | None = None,
        region: str | None = None,
    ) -> Outcome:
        """Choose the final event of messages.

        `event`: the event type, such as TEXT_CARRIER_BLOCKED; `recipient`: a number, a country such
        as CA, a pattern such as +1425*, or `*` for everyone; `times`: the number of messages
        (default: until it is cleared); `account_id`, `region`: limit it to an account.

        Returns a copy of the outcome, with its `id`. Raises a ValueError for wrong arguments.

            sms.outcome("TEXT_CARRIER_BLOCKED", recipient="+14255550100")
        """
        from pinpoint_sms_emu.service import arrangements

        outcome: Outcome = self._engine.change(
            arrangements.add_outcome,
            event,
            recipient,
            times=times,
            account_id=account_id,
            region=region,
        )
        return copy(outcome)

    @property
    def outcomes(self) -> list[Outcome]:
        """Copies of the active outcomes, in the order in which they were added.

        for outcome in sms.outcomes:
            print(outcome.id, outcome.event, outcome.recipient)
        """
        with self._engine.lock:
            return [copy(each) for each in self._engine.state.outcomes]

    def clear_outcomes(self, outcome_id: str | None = None) -> None:
        """Remove one outcome, or all.

        `outcome_id`: the `id` of the outcome (default: all). Raises a LookupError for an outcome
        that is unknown or used up.

            outcome = sms.outcome("TEXT_BLOCKED")
            sms.clear_outcomes(outcome.id)
        """
        from pinpoint_sms_emu.service import arrangements

        self._engine.change(arrangements.clear_outcomes, outcome_id)


def _mapping(name: str, value: Mapping[str, str] | None) -> dict[str, str] | None:
    """Copy a mapping; refuse anything else."""
    if value is not None and not isinstance(value, Mapping):
        raise ValueError(f"{name} must be a mapping, not {quoted(value)}")
    return None if value is None else dict(value)
