"""What the state machines of hypothesis share: their budgets, and how pytest finds them."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine

# The long runs of `make soak`.
SOAK = bool(os.environ.get("SOAK"))
# For modules with a state machine outside of tests/soak.
TIMEOUT = [pytest.mark.timeout(3600)] if SOAK else []


def budget(*, examples: int, steps: int, soak_examples: int) -> settings:
    """Make the settings of a machine: how many examples it tries, of how many steps each."""
    return settings(
        max_examples=soak_examples if SOAK else examples,
        stateful_step_count=60 if SOAK else steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def case_of(machine: type[RuleBasedStateMachine], limits: settings, **attributes: Any) -> type:
    """Make the test case of a machine, in which some attributes of its class have other values."""
    case = type(machine.__name__, (machine,), attributes).TestCase  # type: ignore[attr-defined]
    case.settings = limits
    return case  # type: ignore[no-any-return]
