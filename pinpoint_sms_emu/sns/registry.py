"""The functions that answer operations of SNS; the name of a function is its registration."""

from __future__ import annotations

from typing import Final

from pinpoint_sms_emu.service.operations import Operation, registrar

OPERATIONS: Final[dict[str, Operation]] = {}

operation = registrar(OPERATIONS)
