"""The public methods for the stack of an emulator: reading, updating and deleting it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pinpoint_sms_emu.state.live_objects import LiveObject
from pinpoint_sms_emu.wording import quoted

if TYPE_CHECKING:
    from pinpoint_sms_emu.cloudformation.caller import Caller
    from pinpoint_sms_emu.cloudformation.mistakes import TemplateMistake
    from pinpoint_sms_emu.service import stacks
    from pinpoint_sms_emu.service.engine import Engine


class StacksApi:
    """The CloudFormation stack of an emulator."""

    _engine: Engine

    @property
    def stack(self) -> Stack:
        """The stack of the seed file's template, or an empty stack.

        sms.stack.outputs["PoolId"]
        sms.stack.update("template.yaml", {"Stage": "prod"})
        """
        return Stack(self._engine)


class Stack(LiveObject):
    """A CloudFormation stack in the default account and Region of an emulator."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def outputs(self) -> dict[str, str]:
        """The outputs of the template, by name."""
        stack = self._engine.state.stack
        return dict(stack.outputs) if stack else {}

    @property
    def resources(self) -> dict[str, str]:
        """The value of Ref for each resource of this service, by logical id."""
        stack = self._engine.state.stack
        return {each.logical_id: each.ref for each in stack.resources} if stack else {}

    def update(
        self,
        template: str | os.PathLike[str] | Mapping[str, Any],
        parameters: Mapping[str, Any] | None = None,
    ) -> None:
        """Update the stack to a template.

        `template`: a mapping, or the path of a file in JSON or YAML. `parameters`: values by name;
        missing ones keep their values.

        Changed resources are updated, or replaced if CloudFormation replaces them. Resources that
        the template no longer has are deleted, unless their DeletionPolicy is Retain. The same
        template changes nothing. The calls are recorded like all others, with the user agent
        `cloudformation.amazonaws.com`.

        Raises a ValueError with the place of a mistake; then nothing has changed. Only an injected
        fault can stop an update half-way: the stack then has what was made, and the same update
        continues from there. A resource whose creation was stopped between two calls exists, but
        is not in the stack.

            sms.stack.update("template.yaml", {"SenderName": "ACME"})
            assert sms.stack.outputs["PoolId"].startswith("pool-")
        """
        from pinpoint_sms_emu.cloudformation import templates
        from pinpoint_sms_emu.cloudformation.deployment import Deployment
        from pinpoint_sms_emu.settings import Settings

        if not isinstance(template, str | os.PathLike | Mapping):
            raise ValueError(f"the template must be a path or a mapping, not {quoted(template)}")
        source = template if isinstance(template, Mapping) else Path(template)
        name = "the template" if isinstance(source, Mapping) else f"the template {source}"
        try:
            document = templates.read(source)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
        given = dict(Settings.of(seed_parameters=parameters).seed_parameters)

        def deploy(engine: Engine) -> tuple[stacks.Stack, list[TemplateMistake]]:
            stack = _stack_of(engine)
            declared = templates.section_of(document, "Parameters")
            kept = {each: value for each, value in stack.parameters.items() if each in declared}
            deployment = Deployment(stack, document, kept | given)
            deployment.run(_caller(engine, stack))
            return deployment.stack, deployment.mistakes

        if mistakes := self._change(deploy):
            raise ValueError(f"{name}, {mistakes[0]}")

    def delete(self) -> None:
        """Delete all resources of the stack, except those that its template retains.

        Raises a ValueError with the resource that cannot be deleted, such as one with deletion
        protection, or a verified number within 24 hours; then nothing has changed. Only an injected
        fault can stop it half-way: the stack then has the resources that are left.

            sms.stack.delete()
            assert sms.stack.resources == {}
        """
        from pinpoint_sms_emu.cloudformation import deployment

        def delete(engine: Engine) -> tuple[stacks.Stack, list[TemplateMistake]]:
            stack = _stack_of(engine)
            mistakes = deployment.delete(stack, _caller(engine, stack))
            return stack, mistakes

        if mistakes := self._change(delete):
            raise ValueError(f"the stack cannot be deleted, {mistakes[0]}")

    def _change(
        self, change: Callable[[Engine], tuple[stacks.Stack, list[TemplateMistake]]]
    ) -> list[TemplateMistake]:
        """Change the stack, after trying it on a copy of the state; return the mistakes."""
        from pinpoint_sms_emu.persistence.codec import codec
        from pinpoint_sms_emu.persistence.copies import copy_of
        from pinpoint_sms_emu.service.stacks import Stack as Record
        from pinpoint_sms_emu.service.state import keep_stack

        # While time does not pass, what is not active yet stays so, and must be found out before.
        is_frozen = self._engine.clock.frozen_at is not None
        _, mistakes = change(copy_of(self._engine, with_delays=is_frozen))
        if mistakes:
            return mistakes
        stack, mistakes = change(self._engine)
        self._engine.change(keep_stack, codec(Record).dump(stack))
        return mistakes


def _stack_of(engine: Engine) -> stacks.Stack:
    """Return a copy of the engine's stack, or a new one."""
    from copy import deepcopy

    from pinpoint_sms_emu.seed import seed_template

    return deepcopy(engine.state.stack) or seed_template.new_stack()


def _caller(engine: Engine, stack: stacks.Stack) -> Caller:
    from pinpoint_sms_emu.cloudformation import caller

    return caller.Caller(engine, stack.account_id, stack.region)
