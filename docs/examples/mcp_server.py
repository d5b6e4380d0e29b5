"""An MCP server: an agent can read the texts of a running emulator, and arrange what happens."""

import json
import os
from urllib.request import urlopen

from fastmcp import FastMCP
from fastmcp.server.providers.openapi import MCPType, RouteMap

URL = os.environ.get("PINPOINT_SMS_EMU_URL", "http://127.0.0.1:7670")

with urlopen(f"{URL}/_emulator/openapi.json") as answer:
    document = json.load(answer)
document["servers"] = [{"url": URL}]

# Streams never end, so they are no tools.
without_streams = RouteMap(pattern=".*/stream$", mcp_type=MCPType.EXCLUDE)
server = FastMCP.from_openapi(document, name="texts", route_maps=[without_streams])

if __name__ == "__main__":
    server.run(show_banner=False)  # over standard input and output
