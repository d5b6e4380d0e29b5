"""Adds Amazon Pinpoint SMS and Voice V2 to LocalStack, and to its open forks.

A hook starts the emulator with LocalStack, on a free port of loopback, and puts a handler at the
beginning of LocalStack's chain. It forwards calls of this service, and requests to `/_emulator`.
"""

from __future__ import annotations

from dataclasses import fields
from importlib import import_module
from typing import Any

import requests
from plux import plugin
from rolo.request import get_raw_path

from pinpoint_sms_emu.wire import protocol

# LocalStack's default account. Set before the imports of those who read it.
protocol.DEFAULT_ACCOUNT = "000000000000"

from pinpoint_sms_emu import Emulator, Server  # noqa: E402
from pinpoint_sms_emu.doors.command_line.parsing import (  # noqa: E402
    environment_value,
    variable_of,
)
from pinpoint_sms_emu.emulator import engine_of  # noqa: E402
from pinpoint_sms_emu.settings import Settings  # noqa: E402
from pinpoint_sms_emu.wire.model import TARGET_PREFIX  # noqa: E402

# These headers belong to one connection.
_OF_THE_CONNECTION = ("connection", "date", "transfer-encoding")


def start_in_localstack() -> None:
    """Add the service to LocalStack."""
    start("localstack")


def start_in_localemu() -> None:
    """Add the service to LocalEmu."""
    start("localemu")


# The entry points of the distribution name these.
localstack_hook = plugin("localstack.hooks.on_infra_start", "pinpoint_sms_emu")(start_in_localstack)
localemu_hook = plugin("localemu.hooks.on_infra_start", "pinpoint_sms_emu")(start_in_localemu)


def start(host: str) -> Server:
    """Start the emulator, and add the handler to the package `host`: LocalStack, or a fork."""
    gateway_url = import_module(f"{host}.config").internal_service_url()
    defaults = {
        "events_endpoint_url": gateway_url,
        "s3_endpoint_url": gateway_url,
        "allowed_hosts": import_module(f"{host}.constants").LOCALHOST_HOSTNAME,
    }
    emulator = Emulator(**(defaults | _settings_of_environment()))
    accounts = import_module(f"{host}.aws.accounts")
    engine_of(emulator).account_of_key = accounts.get_account_id_from_access_key_id
    server = Server(emulator).start()
    handlers = import_module(f"{host}.aws.handlers")
    handlers.preprocess_request.append(Forward(server.url))
    return server


def _settings_of_environment() -> dict[str, Any]:
    """Read the settings from the variables of `serve`, such as PINPOINT_SMS_EMU_SEED."""
    variables = {each.name: variable_of(each.name) for each in fields(Settings)}
    given = {name: environment_value(variable) for name, variable in variables.items()}
    return {name: value for name, value in given.items() if value is not None}


class Forward:
    """A handler of LocalStack's chain that forwards requests to the emulator."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy of the environment is not for loopback

    def __call__(self, chain: Any, context: Any, response: Any) -> None:
        """Forward a request if it is for the emulator, and stop the chain with its answer."""
        request = context.request
        if not _is_ours(request):
            return
        query = request.query_string.decode("latin-1")
        answer = self._session.request(
            request.method,
            f"{self._url}{get_raw_path(request)}{'?' if query else ''}{query}",
            headers=dict(request.headers),
            data=request.get_data(),
            allow_redirects=False,
            stream=True,
        )
        response.status_code = answer.status_code
        response.headers.clear()
        response.headers.update(
            (name, value)
            for name, value in answer.headers.items()
            if name.lower() not in _OF_THE_CONNECTION
        )
        # In pieces, because it may be a stream of server-sent events.
        response.response = answer.raw.stream()
        chain.stop()


def _is_ours(request: Any) -> bool:
    target: str = request.headers.get("X-Amz-Target", "")
    path: str = request.path
    return target.startswith(f"{TARGET_PREFIX}.") or path.startswith("/_emulator")
