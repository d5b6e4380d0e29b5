"""Whatever is refused is let go of: no cache, journal or list keeps texts of any length."""

from __future__ import annotations

import gc
import json
import tracemalloc
from contextlib import suppress
from itertools import count, islice

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.control import arguments
from pinpoint_sms_emu.control.routes import ROUTES
from pinpoint_sms_emu.doors.http import RequestReader
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.wire.model import service_model
from pinpoint_sms_emu.wire.protocol import Request
from tests.doors.serving import AUTHORIZATION

LENGTH = 50_000
TEXTS_EACH = 5
# A thousandth of what is sent.
MOST_KEPT = 1_000_000
# What routes require beside the text.
ELSE = {
    "event": "TEXT_DELIVERED",
    "operation": "*",
    "phone_number": "+12065550101",
    "sender": "+14255550123",
    "recipient": "+12065550100",
    "body": "Hello",
    "decision": "COMPLETE",
}


def text(number):
    """A text of that length that there is once."""
    return f"+{number:08}" + "1" * LENGTH


def kept_after(do):
    """How many bytes more are in use after something has been done twice."""
    do(0)
    gc.collect()
    tracemalloc.start()
    do(1)
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size


def test_refused_members_are_not_kept():
    """Each text of each operation, alone or in a list, may be long and different."""
    emulator = Emulator(max_messages=1, max_calls=0)
    model = service_model()
    numbers = count()

    def send(_round):
        for name, operation in model.operations.items():
            members = model.shapes[operation.input_shape]["members"]
            for member, of in members.items():
                kind = model.shapes[of["shape"]]["type"]
                if kind not in ("string", "list"):
                    continue
                for number in islice(numbers, TEXTS_EACH):
                    value = text(number)
                    body = json.dumps({member: [value] if kind == "list" else value}).encode()
                    headers = {
                        "x-amz-target": f"PinpointSMSVoiceV2.{name}",
                        "authorization": AUTHORIZATION,
                    }
                    assert engine_of(emulator).handle(Request(headers, body)).status == 400

    assert kept_after(send) < MOST_KEPT


def test_refused_headers_are_not_kept():
    """Targets and credentials may be long and different too."""
    emulator = Emulator(max_calls=0)

    def send(round_):
        for number in range(round_ * 1000, round_ * 1000 + 500):
            long = text(number)
            for target, authorization in (
                (f"PinpointSMSVoiceV2.{long}", AUTHORIZATION),
                (long, AUTHORIZATION),
                ("PinpointSMSVoiceV2.DescribePools", AUTHORIZATION.replace("testing", long)),
                ("PinpointSMSVoiceV2.DescribePools", AUTHORIZATION.replace("us-east-1", long)),
                ("PinpointSMSVoiceV2.DescribePools", long),
            ):
                headers = {"x-amz-target": target, "authorization": authorization}
                engine_of(emulator).handle(Request(headers, b"{}"))

    assert kept_after(send) < MOST_KEPT


def test_what_the_control_plane_refuses_is_not_kept():
    """Each text that a route takes may be long and different."""
    emulator = Emulator()
    emulator.add_number(ELSE["recipient"])

    numbers = count()

    def send(_round):
        for route in ROUTES:
            known = arguments.parameters(route.function)
            texts = [each for each in known.values() if each.kind.phrase == "a text"]
            for parameter in texts:
                for number in islice(numbers, TEXTS_EACH):
                    needed = (each.name for each in known.values() if each.required)
                    given = {name: ELSE.get(name, "x") for name in needed}
                    given[parameter.name] = text(number)
                    with suppress(Exception):
                        route.function(emulator, **given)

    assert kept_after(send) < MOST_KEPT


def test_lines_and_names_of_requests_are_not_kept():
    """Request lines and names of headers are remembered, but not without a bound."""
    reader = RequestReader(lambda _request: 0)

    def read(round_):
        for number in range(round_ * 10_000, round_ * 10_000 + 2_000):
            line = f"GET /{text(number)} HTTP/1.1\r\n\r\n"
            name = f"GET / HTTP/1.1\r\n{text(number)[1:]}: x\r\n\r\n"
            assert len(reader.feed(line.encode() + name.encode())) == 2

    assert kept_after(read) < 16 * 1024 * 1024
