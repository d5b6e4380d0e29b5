"""A CloudFormation template as a seed: its resources of this service are created by handlers."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any, Final

from pinpoint_sms_emu.cloudformation import templates
from pinpoint_sms_emu.cloudformation.caller import Caller
from pinpoint_sms_emu.cloudformation.deployment import Deployment
from pinpoint_sms_emu.service.engine import Engine
from pinpoint_sms_emu.service.stacks import Stack
from pinpoint_sms_emu.settings import Settings
from pinpoint_sms_emu.wire.protocol import DEFAULT_ACCOUNT, DEFAULT_REGION

STACK_NAME: Final = "seed"
# Larger than the request numbers of all other calls.
_FIRST_REQUEST: Final = 1 << 40


def apply(source: Path | Mapping[str, Any], parameters: Mapping[str, str], engine: Engine) -> None:
    """Deploy a template to an engine with an empty state; raise a ValueError for mistakes."""
    name = name_of(source)
    try:
        deployment = _deploy(source, parameters, engine)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error
    if deployment.mistakes:
        raise ValueError(f"{name}, {deployment.mistakes[0]}")
    engine.state.stack = deployment.stack


def find_mistakes(source: Path | Mapping[str, Any], parameters: Mapping[str, str]) -> list[str]:
    """Return all mistakes in a template, one line each, by deploying it to a temporary state."""
    name = source if isinstance(source, Path) else "the template"
    try:
        deployment = _deploy(source, parameters, Engine(Settings()))
    except ValueError as error:
        return [f"{name}: {error}"]
    return [f"{name}, {mistake}" for mistake in deployment.mistakes]


def name_of(source: Path | Mapping[str, Any]) -> str:
    """Return the name of a seed file in errors."""
    return f"the seed file {source}" if isinstance(source, Path) else "seed_file"


def new_stack() -> Stack:
    """Return an empty stack in the default account and Region."""
    return Stack(name=STACK_NAME, account_id=DEFAULT_ACCOUNT, region=DEFAULT_REGION)


def _deploy(
    source: Path | Mapping[str, Any], parameters: Mapping[str, str], engine: Engine
) -> Deployment:
    engine.request_numbers = count(_FIRST_REQUEST)
    stack = new_stack()
    deployment = Deployment(stack, templates.read(source), parameters)
    deployment.run(Caller(engine, stack.account_id, stack.region))
    return deployment
