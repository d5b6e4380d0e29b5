"""Imports all modules with operations of SNS, which registers them."""

from __future__ import annotations

from pinpoint_sms_emu.errors import UnknownOperationException
from pinpoint_sms_emu.service.operations import Operation
from pinpoint_sms_emu.sns import (  # noqa: F401  each registers its own
    attributes,
    opt_outs,
    origination_numbers,
    publishing,
    sandbox,
)
from pinpoint_sms_emu.sns.registry import OPERATIONS
from pinpoint_sms_emu.wire.model import SNS, OperationModel, model_of, snake


def find_operation(name: str) -> tuple[OperationModel, Operation]:
    """Find an operation by its AWS name; an older botocore may not have it."""
    model = model_of(SNS).operations.get(name)
    if model is None:
        raise UnknownOperationException(f"{name} is not an operation of the installed botocore")
    return model, OPERATIONS[snake(name)]
