"""Sinks: SNS, Firehose, CloudWatch Logs and EventBridge, to which records are sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from pinpoint_sms_emu.messaging.events.clients import Clients
from pinpoint_sms_emu.messaging.events.deliveries import SMS_LOGS
from pinpoint_sms_emu.state.clock import EPOCH, Clock


class Payload(NamedTuple):
    """A record in the form for one sink."""

    sink: str
    # The ARN of the topic, stream, log group or event bus.
    target: str
    text: str
    # The name of the log stream, or EventBridge's detail-type.
    label: str = ""
    # The ARNs of the resources that EventBridge's event is about.
    resources: tuple[str, ...] = ()


class RejectedRecordError(Exception):
    """A sink has rejected the record."""


class Sinks:
    """Sends payloads to their sinks."""

    def __init__(self, endpoint_url: str, seconds: float) -> None:
        self._clients = Clients(endpoint_url, seconds)

    def deliver(self, payload: Payload) -> str | None:
        """Try once to deliver a payload; return the error, or None."""
        try:
            service, send = _SERVICES[payload.sink]
            _, _, _, region, account_id, *_ = payload.target.split(":")
            with self._clients.use(service, region, account_id) as client:
                send(client, payload)
        except Exception as error:  # noqa: BLE001  no error of a sink must reach the caller
            return f"{type(error).__name__}: {error}"
        return None

    def close(self) -> None:
        """Close the connections; those of a delivery in progress after it."""
        self._clients.close()


def _publish(sns: Any, payload: Payload) -> None:
    sns.publish(TopicArn=payload.target, Message=payload.text)


def _put_record(firehose: Any, payload: Payload) -> None:
    # The newline is inferred: Firehose joins records in one object, and JSON allows it.
    data = f"{payload.text}\n".encode()
    name = payload.target.partition("/")[2]
    firehose.put_record(DeliveryStreamName=name, Record={"Data": data})


def _put_log_event(logs: Any, payload: Payload) -> None:
    group = payload.target.split(":")[6]
    # The system's time, because the log rejects future events, and the clock may be ahead.
    time = (Clock.system_now() - EPOCH).total_seconds()
    given = {
        "logGroupName": group,
        "logStreamName": payload.label,
        "logEvents": [{"timestamp": int(time * 1000), "message": payload.text}],
    }
    try:
        answer = logs.put_log_events(**given)
    except logs.exceptions.ResourceNotFoundException:
        _create_log_stream(logs, group, payload.label)
        answer = logs.put_log_events(**given)
    if rejected := answer.get("rejectedLogEventsInfo"):
        raise RejectedRecordError(f"the log group rejected the record: {rejected}")


def _put_sms_log(logs: Any, payload: Payload) -> None:
    """Write a delivery status log; SNS makes the log group by itself, as its role allows."""
    with suppress(logs.exceptions.ResourceAlreadyExistsException):
        logs.create_log_group(logGroupName=payload.target.split(":")[6])
    _put_log_event(logs, payload)


def _create_log_stream(logs: Any, group: str, stream: str) -> None:
    try:
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
    except logs.exceptions.ResourceAlreadyExistsException:
        return  # another delivery has created it meanwhile


def _put_event(events: Any, payload: Payload) -> None:
    answer = events.put_events(
        Entries=[
            {
                "Source": "aws.sms-voice",
                "DetailType": payload.label,
                "Resources": list(payload.resources),
                "Detail": payload.text,
            }
        ]
    )
    if answer["FailedEntryCount"]:
        [entry] = answer["Entries"]
        raise RejectedRecordError(f"{entry.get('ErrorCode')}: {entry.get('ErrorMessage')}")


# Sends a payload with a client.
Send = Callable[[Any, Payload], None]

_SERVICES: Final[Mapping[str, tuple[str, Send]]] = MappingProxyType(
    {
        "sns": ("sns", _publish),
        "firehose": ("firehose", _put_record),
        "cloudwatch_logs": ("logs", _put_log_event),
        SMS_LOGS: ("logs", _put_sms_log),
        "eventbridge": ("events", _put_event),
    }
)
