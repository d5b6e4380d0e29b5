"""What users ask of IAM: the policy that their calls need, and what a policy would deny."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from pinpoint_sms_emu.errors import nearest, quoted

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.calls import Call
    from pinpoint_sms_emu.service.engine import Engine


class PolicyFilters(TypedDict, total=False):
    """What the calls that a policy is made of are selected by."""

    account_id: str | None
    region: str | None
    access_key: str | None
    user_agent: str | None
    operation: str | None
    refused: bool | None


class PermissionsApi:
    """The permissions that the calls of an emulator need."""

    _engine: Engine

    def policy(self, *, widen: bool = False, **filters: Unpack[PolicyFilters]) -> dict[str, Any]:
        """Make the least-privilege IAM policy for the calls that were recorded.

        All filters that are given must match: `account_id`, `region`, `access_key`, `user_agent`
        (contained in it), `operation`, and `refused` (True or False); without them every call
        counts, refused ones too. What the calls themselves made is allowed by a pattern where AWS
        chooses the id (`phone-number/*`). `widen`: no name and no id is left in any ARN.

        Returns the policy document; without calls its `Statement` is empty. Raises a ValueError
        for wrong or unknown filters.

            policy = sms.policy(user_agent="checkout")
            Path("policy.json").write_text(json.dumps(policy, indent=2))
        """
        from pinpoint_sms_emu.permissions import generation

        if not isinstance(widen, bool):
            raise ValueError(f"widen must be true or false, not {quoted(widen)}")
        calls, engine = self._select(filters), self._engine
        with engine.transaction():
            return generation.generate(
                calls, engine.calls.all(), engine.state.accounts, widen=widen
            )

    def assert_allowed_by(self, policy: Mapping[str, Any] | str) -> None:
        """Assert that a policy allows every call that was recorded.

        `policy`: an IAM policy document, as a mapping or as JSON.

        Raises an AssertionError that lists operation and ARN of what the policy would have denied,
        and a ValueError for what is no policy.

            sms.assert_allowed_by(Path("policy.json").read_text())
        """
        from pinpoint_sms_emu.permissions import generation, policies

        document, engine = policies.read(policy), self._engine
        with engine.transaction():
            denied = generation.denied_by(document, engine.calls.all(), engine.state.accounts)
        if denied:
            lines = [f"{each.request.action} on {each.request.resource}" for each in denied]
            raise AssertionError("The policy would have denied:\n  " + "\n  ".join(lines))

    def _select(self, filters: PolicyFilters) -> list[Call]:
        known = PolicyFilters.__annotations__
        for name in filters.keys() - known.keys():
            raise ValueError(f"a policy has no filter {name:.80}; {nearest(name, known)}")
        selected: Any = dict(filters)
        access_key, user_agent = selected.pop("access_key", None), selected.pop("user_agent", None)
        for name, value in (("access_key", access_key), ("user_agent", user_agent)):
            if value is not None and (not isinstance(value, str) or not value):
                raise ValueError(f"{name} must be a text that is not empty, not {quoted(value)}")
        return [
            call
            for call in self._engine.calls.find(**selected).calls
            if access_key in (None, call.access_key)
            and (user_agent is None or user_agent in (call.user_agent or ""))
        ]
