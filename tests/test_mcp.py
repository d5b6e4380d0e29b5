"""The documentation's MCP server: an agent reads and answers texts."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from fastmcp import Client
from fastmcp.client.transports import StdioTransport

from pinpoint_sms_emu import Emulator, Server
from pinpoint_sms_emu.control.openapi import DESCRIBED

EXAMPLE = Path(__file__).parents[1] / "docs" / "examples" / "mcp_server.py"


def use_tools(url: str, *calls: tuple[str, dict[str, Any]]) -> tuple[set[str], list[Any]]:
    """Start the server as an agent does, list its tools, and call some."""
    transport = StdioTransport(sys.executable, [str(EXAMPLE)], env={"PINPOINT_SMS_EMU_URL": url})

    async def use() -> tuple[set[str], list[Any]]:
        async with Client(transport) as client:
            names = {tool.name for tool in await client.list_tools()}
            answers = [await client.call_tool(name, given) for name, given in calls]
            return names, [each.structured_content for each in answers]

    return asyncio.run(use())


def test_an_agent_reads_and_answers_texts():
    """Tools add a number, send an inbound text, and read what was sent."""
    with Server(Emulator()) as server:
        names, [number, received, found] = use_tools(
            server.url,
            ("add_number", {"phone_number": "+12065550100"}),
            (
                "receive",
                {"sender": "+14255550123", "recipient": "+12065550100", "body": "HELP"},
            ),
            ("list_messages", {"direction": "outbound"}),
        )

        assert number["status"] == "ACTIVE"
        assert received["keyword"] == "HELP"
        assert [each["message_id"] for each in found["messages"]] == [
            each.message_id for each in server.emulator.messages if each.direction == "outbound"
        ]
    assert found["total"] == 1
    assert not [name for name in names if name.startswith("stream")]
    assert len(names) == len([each for each in DESCRIBED if not each.path.endswith("/stream")])
