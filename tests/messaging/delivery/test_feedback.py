"""PutMessageFeedback: feedback about messages."""

import pytest

# botocore knows message feedback since 1.36.
pytestmark = pytest.mark.since("1.36")

STATUSES = ("RECEIVED", "FAILED")


@pytest.mark.rule("feedback-put", "feedback-no-conflict")
def test_the_last_feedback_applies(sms, text, number):
    """Feedback can be put repeatedly; the answer repeats it."""
    message = text(MessageFeedbackEnabled=True)
    assert message.feedback == "PENDING"

    for status in (*STATUSES, *STATUSES):
        answer = sms.put_message_feedback(MessageId=message.id, MessageFeedbackStatus=status)

        del answer["ResponseMetadata"]
        assert answer == {"MessageId": message.id, "MessageFeedbackStatus": status}
        assert message.feedback == status


@pytest.mark.rule("feedback-status-enum")
@pytest.mark.parametrize("status", ["PENDING", "received", ""])
def test_there_are_two_kinds_of_feedback(sms, text, number, refused, status):
    """Only RECEIVED and FAILED can be put."""
    message = text(MessageFeedbackEnabled=True)

    with refused(
        "ValidationException", "FIELD_VALIDATION_FAILED", fields=["MessageFeedbackStatus"]
    ):
        sms.put_message_feedback(MessageId=message.id, MessageFeedbackStatus=status)


@pytest.mark.rule("feedback-unknown-message")
@pytest.mark.parametrize("unknown", ["00000000-0000-0000-0000-000000000000", "any:thing/else"])
def test_a_message_must_be_known(sms, refused, unknown):
    """An unknown MessageId is not found."""
    with refused("ResourceNotFoundException", about=("message", unknown)):
        sms.put_message_feedback(MessageId=unknown, MessageFeedbackStatus="RECEIVED")


@pytest.mark.rule("feedback-unknown-message")
def test_a_message_belongs_to_one_account(client, text, number, refused):
    """The message is not found in another account, or in another Region."""
    message = text(MessageFeedbackEnabled=True)
    others = client(account_id="210987654321"), client(region="eu-west-1")
    for other in others:
        other.describe_pools()

    for other in others:
        with refused("ResourceNotFoundException", about=("message", message.id)):
            other.put_message_feedback(MessageId=message.id, MessageFeedbackStatus="RECEIVED")


@pytest.mark.rule("feedback-not-enabled")
def test_feedback_must_be_enabled(sms, text, number, refused):
    """A message that was sent without feedback is not found."""
    message = text()

    assert message.feedback is None
    with refused("ResourceNotFoundException", about=("message", message.id)):
        sms.put_message_feedback(MessageId=message.id, MessageFeedbackStatus="RECEIVED")


@pytest.mark.rule("feedback-hour")
def test_after_an_hour_a_message_has_failed(sms, emulator, text, number):
    """Without RECEIVED within an hour, feedback becomes FAILED; later feedback still applies."""
    emulator.clock.freeze()
    lost, found, late = (text(MessageFeedbackEnabled=True) for _ in range(3))
    sms.put_message_feedback(MessageId=found.id, MessageFeedbackStatus="RECEIVED")

    emulator.clock.advance(minutes=59)
    assert [message.feedback for message in (lost, found)] == ["PENDING", "RECEIVED"]
    emulator.clock.advance(minutes=1)
    assert [message.feedback for message in (lost, found)] == ["FAILED", "RECEIVED"]
    sms.put_message_feedback(MessageId=late.id, MessageFeedbackStatus="RECEIVED")
    assert late.feedback == "RECEIVED"


@pytest.mark.rule("feedback-message-id-format")
@pytest.mark.parametrize("message_id", ["", "a" * 65, "a b", "a+b", "ä"])
def test_a_message_id_has_a_form(sms, refused, message_id):
    """A MessageId has 1 to 64 letters, digits, underscores, colons, slashes or hyphens."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["MessageId"]):
        sms.put_message_feedback(MessageId=message_id, MessageFeedbackStatus="RECEIVED")


@pytest.mark.rule("feedback-message-id-format")
def test_a_well_formed_message_id_is_not_malformed(sms, refused):
    """64 of these characters are a valid MessageId, even if it is unknown."""
    message_id = "aZ09_:/-" * 8

    with refused("ResourceNotFoundException", about=("message", message_id)):
        sms.put_message_feedback(MessageId=message_id, MessageFeedbackStatus="RECEIVED")


@pytest.mark.rule("feedback-enabled-by-request", "text-feedback-override")
def test_the_request_decides_before_the_set(sms, text, voice, media, configuration_set):
    """The request switches feedback on or off; where it is silent, the set's default holds."""
    in_set = {"ConfigurationSetName": configuration_set.name}

    for send in (text, voice, media):
        sms.set_default_message_feedback_enabled(**in_set, MessageFeedbackEnabled=True)
        on_by_set, off_by_request = send(**in_set), send(**in_set, MessageFeedbackEnabled=False)
        sms.set_default_message_feedback_enabled(**in_set, MessageFeedbackEnabled=False)
        off_by_set, on_by_request = send(**in_set), send(**in_set, MessageFeedbackEnabled=True)

        assert on_by_set.feedback == on_by_request.feedback == "PENDING"
        assert off_by_set.feedback is off_by_request.feedback is send().feedback is None
        sms.put_message_feedback(MessageId=on_by_set.id, MessageFeedbackStatus="RECEIVED")
        assert on_by_set.feedback == "RECEIVED"


@pytest.mark.rule("feedback-dry-run")
def test_a_dry_run_leaves_nothing(sms, number, refused):
    """There is no message to give feedback on after a dry run."""
    answer = sms.send_text_message(
        DestinationPhoneNumber="+14255550100",
        MessageBody="Hello",
        MessageFeedbackEnabled=True,
        DryRun=True,
    )

    with refused("ResourceNotFoundException", about=("message", answer["MessageId"])):
        sms.put_message_feedback(MessageId=answer["MessageId"], MessageFeedbackStatus="RECEIVED")
