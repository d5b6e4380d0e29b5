"""The answers of calls that only read, for programs that ask the same again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pinpoint_sms_emu.state.transactions import Transactions
    from pinpoint_sms_emu.wire.protocol import OperationRequest

MAX_ANSWERS: Final = 64
# Larger requests and answers are not kept.
MAX_BYTES: Final = 64 * 1024


class FormerAnswers:
    """Answers in JSON, kept until a transaction may have changed the state.

    The caller holds the lock.
    """

    def __init__(self, transactions: Transactions[Any]) -> None:
        self._transactions = transactions
        self._changes = transactions.changes
        # By operation, account, Region and the body of the request.
        self._answers: dict[tuple[str, str, str, bytes], bytes] = {}

    def find(self, call: OperationRequest, body: bytes) -> bytes | None:
        """Return the answer that the same call got since the last change, if it made one."""
        if self._changes != self._transactions.changes:
            self._changes = self._transactions.changes
            self._answers.clear()
        return self._answers.get((call.operation, call.account_id, call.region, body))

    def keep(self, call: OperationRequest, body: bytes, answer: bytes) -> None:
        """Keep an answer, directly after `find` found none."""
        if len(self._answers) < MAX_ANSWERS and len(body) + len(answer) <= MAX_BYTES:
            self._answers[call.operation, call.account_id, call.region, body] = answer
