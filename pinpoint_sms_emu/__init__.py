"""A local emulator of Amazon Pinpoint SMS and Voice V2 (AWS End User Messaging SMS)."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pinpoint_sms_emu.doors.http.server import Server as Server
    from pinpoint_sms_emu.doors.in_process.mock import mock_sms as mock_sms
    from pinpoint_sms_emu.emulator import Emulator as Emulator
    from pinpoint_sms_emu.errors import ApiError as ApiError
    from pinpoint_sms_emu.errors import NotAnsweredError as NotAnsweredError
    from pinpoint_sms_emu.errors import UndecidableError as UndecidableError
    from pinpoint_sms_emu.messaging.messages import Message as Message
    from pinpoint_sms_emu.messaging.sending.segments import segments as segments
    from pinpoint_sms_emu.resources.numbers import Number as Number
    from pinpoint_sms_emu.service.calls import Call as Call

__all__ = [
    "ApiError",
    "Call",
    "Emulator",
    "Message",
    "NotAnsweredError",
    "Number",
    "Server",
    "UndecidableError",
    "mock_sms",
    "segments",
]
__version__ = "0.1.0"

_HOMES = {
    "ApiError": "pinpoint_sms_emu.errors",
    "Call": "pinpoint_sms_emu.service.calls",
    "Emulator": "pinpoint_sms_emu.emulator",
    "Message": "pinpoint_sms_emu.messaging.messages",
    "NotAnsweredError": "pinpoint_sms_emu.errors",
    "Number": "pinpoint_sms_emu.resources.numbers",
    "Server": "pinpoint_sms_emu.doors.http.server",
    "UndecidableError": "pinpoint_sms_emu.errors",
    "mock_sms": "pinpoint_sms_emu.doors.in_process.mock",
    "segments": "pinpoint_sms_emu.messaging.sending.segments",
}


def __getattr__(name: str) -> Any:
    """Import a public name on its first use, so that the pytest plugin loads quickly."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
