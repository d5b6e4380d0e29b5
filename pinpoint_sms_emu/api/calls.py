"""The public methods to read API calls, and to assert that they were made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from pinpoint_sms_emu.service.calls import Call, CallQuery, FoundCalls
from pinpoint_sms_emu.service.filters import must_be_filters
from pinpoint_sms_emu.wording import quoted

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.engine import Engine


class CallsApi:
    """The calls of an emulator."""

    _engine: Engine

    @property
    def calls(self) -> list[Call]:
        """All recorded API calls, oldest first, including refused ones.

        assert [call.operation for call in sms.calls] == ["SendTextMessage"]
        """
        return self._engine.calls.all()

    def find_calls(self, **query: Unpack[CallQuery]) -> FoundCalls:
        """Find API calls, oldest first.

        All given filters must match: `operation`, `account_id`, `region`, and `refused` (True or
        False). `after`: the `request_id` after which the list begins; `limit`: the maximum number.

        Returns a sequence of the calls, with `calls` and `total` (without the limit). Raises a
        ValueError for wrong arguments, a LookupError for an unknown `after`.

            [call] = sms.find_calls(refused=True).calls
            print(call.error["reason"], call.why["summary"])
        """
        must_be_filters(query, CallQuery.__annotations__, "calls")
        return self._engine.calls.find(**query)

    def clear_calls(self) -> None:
        """Remove all recorded calls, and nothing else.

        sms.clear_calls()
        sms.assert_not_called("SendTextMessage")
        """
        self._engine.calls.clear()

    def assert_called(self, operation: str, *, times: int | None = None, **parameters: Any) -> None:
        r"""Assert that an operation was called with at least these parameters.

        `operation` and `parameters` have AWS's names. Values are compared for equality, compiled
        patterns are searched in texts, and callables are called with the value. `times`: the exact
        number of calls (default: at least one). Refused calls count.

        Raises an AssertionError that lists the calls, and a ValueError for an operation or a
        parameter that the service does not have.

            sms.assert_called("SendTextMessage", times=1, DestinationPhoneNumber="+14255550100")
            sms.assert_called("SendTextMessage", MessageBody=re.compile(r"code is \d{6}"))
        """
        from pinpoint_sms_emu.service import call_assertions

        call_assertions.must_be_known(operation, parameters)
        if times is not None and (type(times) is not int or times < 0):
            raise ValueError(f"times must be a whole number from 0, not {quoted(times)}")
        calls = self.calls
        found = sum(call_assertions.matches(call, operation, parameters) for call in calls)
        if found == times or (times is None and found):
            return
        expected = "at least once" if times is None else _times(times)
        described = call_assertions.described(operation, parameters)
        sentence = (
            f"Expected {described} to be called {expected}, but it was called {_times(found)}."
        )
        raise AssertionError(call_assertions.failure(sentence, calls, operation, parameters))

    def assert_not_called(self, operation: str, **parameters: Any) -> None:
        """Assert that an operation was not called with these parameters, or not at all.

        The arguments and errors are those of `assert_called`.

            sms.assert_not_called("SendTextMessage", DestinationPhoneNumber="+14255550100")
        """
        from pinpoint_sms_emu.service import call_assertions

        call_assertions.must_be_known(operation, parameters)
        calls = self.calls
        found = sum(call_assertions.matches(call, operation, parameters) for call in calls)
        if found:
            described = call_assertions.described(operation, parameters)
            sentence = f"Expected no call of {described}, but it was called {_times(found)}."
            raise AssertionError(call_assertions.failure(sentence, calls, operation, parameters))

    def assert_last_called_with(self, operation: str, **parameters: Any) -> None:
        """Assert that the last call is of an operation and has at least these parameters.

        The arguments and errors are those of `assert_called`.

            sms.assert_last_called_with("DeletePool", PoolId=pool_id)
        """
        from pinpoint_sms_emu.service import call_assertions

        call_assertions.must_be_known(operation, parameters)
        calls = self.calls
        if calls and call_assertions.matches(calls[-1], operation, parameters):
            return
        described = call_assertions.described(operation, parameters)
        sentence = f"Expected the last call to be {described}."
        raise AssertionError(call_assertions.failure(sentence, calls[-1:], operation, parameters))


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
