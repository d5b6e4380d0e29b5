"""What tests of calls share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from pinpoint_sms_emu import Call, Emulator


@pytest.fixture
def refuse(sms: Any, emulator: Emulator) -> Callable[..., Call]:
    """Make a call that is refused, and return its record."""

    def make(operation: str, **members: Any) -> Call:
        with pytest.raises(ClientError):
            getattr(sms, operation)(**members)
        return emulator.calls[-1]

    return make
