"""The registry of SNS operations: `@operation` registers a function under its name."""

from __future__ import annotations

from typing import Final

from pinpoint_sms_emu.service.operations import Operation, registrar

OPERATIONS: Final[dict[str, Operation]] = {}

operation = registrar(OPERATIONS)
