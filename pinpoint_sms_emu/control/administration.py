"""Routes for the emulator as a whole: health, settings, operations, state and resources."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, cast

from werkzeug.wrappers import Response

from pinpoint_sms_emu import __version__
from pinpoint_sms_emu.control import arguments
from pinpoint_sms_emu.control.formats import ListAnswer, in_pieces, listing
from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.replicas import Replica
from pinpoint_sms_emu.resources.added_numbers import must_be_account_and_region
from pinpoint_sms_emu.seed.export import export
from pinpoint_sms_emu.service import dispatch, inventory
from pinpoint_sms_emu.settings import Settings
from pinpoint_sms_emu.state import collection
from pinpoint_sms_emu.wire.protocol import DEFAULT_ACCOUNT, DEFAULT_REGION


def health(emulator: Emulator) -> dict[str, Any]:
    """Show that the server is running, and its replica number if there are several."""
    replica = emulator.settings.replica
    return {
        "status": "ok",
        "version": __version__,
        "replica": str(replica) if replica else None,
    }


def reset(emulator: Emulator) -> dict[str, Any]:
    """Reset the emulator to its state at the start."""
    emulator.reset()
    return {}


def settings(emulator: Emulator) -> dict[str, Any]:
    """Show the settings, with a masked access token."""
    values = {each.name: getattr(emulator.settings, each.name) for each in fields(Settings)}
    secret = {"access_token": "***"} if values["access_token"] else {}
    return {name: _json_value(value) for name, value in (values | secret).items()}


def operations(_emulator: Emulator, *, format: str | None = None) -> ListAnswer:
    """List the operations of the service, and whether each is emulated."""
    emulated = dispatch.emulated_operations()
    entries = [{"name": name, "emulated": is_emulated} for name, is_emulated in emulated.items()]
    found = {"operations": entries, "emulated": sum(emulated.values()), "total": len(entries)}
    return listing(found, "operations", format)


def get_state(emulator: Emulator) -> Response:
    """Return the whole state as one JSON document."""
    pieces = cast("Any", _write_state(emulator))
    return Response(pieces, mimetype="application/json", headers={"Cache-Control": "no-store"})


async def _write_state(emulator: Emulator) -> AsyncIterator[bytes]:
    # Loaded only for this route.
    from pinpoint_sms_emu.persistence import gradual, long_lists  # noqa: PLC0415

    with gradual.GradualWriter(engine_of(emulator), gradual.encoded_message) as writer:
        for _ in writer.slices():
            await asyncio.sleep(0)
        for piece in in_pieces(long_lists.encode_in_parts(writer.begin_document())):
            yield piece
            await asyncio.sleep(0)


def export_seed(
    emulator: Emulator, *, account_id: str | None = None, region: str | None = None
) -> Response:
    """Return the resources of all accounts, or of one, as the TOML of a seed file."""
    engine = engine_of(emulator)
    with engine.transaction():
        text = export(engine.state.accounts_in(account_id, region))
    return Response(text, mimetype="application/toml", headers={"Cache-Control": "no-store"})


def export_template(
    emulator: Emulator, *, account_id: str = DEFAULT_ACCOUNT, region: str = DEFAULT_REGION
) -> Awaitable[dict[str, Any]]:
    """Write the resources of one account in one Region as a CloudFormation template."""
    must_be_account_and_region(account_id, region)
    # On a thread, since many resources take their time.
    return asyncio.to_thread(_export_template, emulator, account_id, region)


def _export_template(emulator: Emulator, account_id: str, region: str) -> dict[str, Any]:
    # Loaded for an export alone.
    from pinpoint_sms_emu.cloudformation.caller import Caller  # noqa: PLC0415
    from pinpoint_sms_emu.cloudformation.export import export as export_of  # noqa: PLC0415
    from pinpoint_sms_emu.persistence.copies import copy_of  # noqa: PLC0415

    # The handlers read a copy: reading `/_emulator` makes no calls.
    copy = copy_of(engine_of(emulator), with_messages=False)
    call = Caller(copy, account_id, region)
    exported = export_of(copy.account(account_id, region), call)
    copy.close()
    return exported._asdict()


async def put_state(emulator: Emulator, document: bytes | bytearray) -> dict[str, Any]:
    """Replace the whole state. An invalid document changes nothing."""
    # On a thread, since a large one takes its time.
    await asyncio.to_thread(_restore, emulator, document)
    return {}


def _restore(emulator: Emulator, body: bytes | bytearray) -> None:
    from pinpoint_sms_emu.persistence import parsing  # noqa: PLC0415  only for this route

    with collection.paused():
        emulator.restore(arguments.read_json(body, parsing.parse))


def list_accounts(emulator: Emulator) -> dict[str, Any]:
    """List the accounts and Regions that were used, with the number of resources by kind."""
    engine = engine_of(emulator)
    with engine.transaction():
        accounts = [
            {
                "account_id": account.account_id,
                "region": account.region,
                "resources": inventory.count(account),
            }
            for account in engine.state.accounts_in(None, None)
        ]
    return {"accounts": accounts, "total": len(accounts)}


def list_resources(
    emulator: Emulator,
    *,
    account_id: str | None = None,
    region: str | None = None,
    kind: str | None = None,
) -> dict[str, Any]:
    """List the resources of accounts by kind, with what they have spent, and the stack."""
    accounts = emulator.resources(account_id, region, kind=kind)
    found = {"accounts": accounts, "total": len(accounts)}
    if engine_of(emulator).state.stack is None:
        return found
    stack = emulator.stack
    return found | {"stack": {"outputs": stack.outputs, "resources": stack.resources}}


def _json_value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return str(value) if isinstance(value, Path | Replica) else value
