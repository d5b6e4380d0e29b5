"""Message feedback: whether a message had the intended effect."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from pinpoint_sms_emu.errors import ResourceNotFoundException, ResourceReference
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.state.scheduler import job

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

# PutMessageFeedback: "an hour after the message feedback record is set to FAILED".
_TIME_TO_ANSWER: Final = timedelta(hours=1)


@operation
def put_message_feedback(
    account: Account, *, message_id: str, message_feedback_status: str
) -> dict[str, Any]:
    """Record whether a message was received. The last call counts, also after the hour."""
    message = account.messages.get(message_id)
    # Inferred: a message that was sent without feedback has no record.
    if (
        message is None
        or message.feedback is None
        or (message.account_id, message.region) != (account.account_id, account.region)
    ):
        raise ResourceNotFoundException(ResourceReference("message", message_id))

    message.feedback = message_feedback_status
    account.messages.notify(message)
    return {"message_id": message_id, "message_feedback_status": message_feedback_status}


def expect(account: Account, message: Message) -> None:
    """Schedule the end of the hour in which feedback is expected."""
    account.schedule(expire_feedback, message, _TIME_TO_ANSWER.total_seconds())


@job
def expire_feedback(account: Account, message: Message) -> None:
    """Set the feedback to FAILED if there was none."""
    if message.feedback == "PENDING":
        message.feedback = "FAILED"
        account.messages.notify(message)
