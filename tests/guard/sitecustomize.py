"""What every Python that a test starts runs first: it reaches no other host than this machine.

Python looks for a module of this name when it starts; `tests/network.py` puts it on the path. It
imports nothing, since some tests are about what an import loads.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _is_here(host: str | bytes | None) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    if host in (None, "", "localhost", "::1", "::") or host.endswith(".localhost"):
        return True
    return host.startswith("127.") or host in ("0.0.0.0", os.uname().nodename)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[-1]
        host = address[0] if isinstance(address, tuple) else None
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if not _is_here(host):
        # Names below .invalid do not exist, so tests may give them to the command line.
        if str(host).endswith(".invalid"):
            raise OSError(f"there is no {host}")
        with open(os.environ["TESTS_TRIES"], "a") as tries:  # noqa: PTH123  pathlib is an import
            tries.write(f"{host} (from {sys.argv[0] or 'python'})\n")
        raise OSError(f"a test must not reach {host}")


if "TESTS_TRIES" in os.environ:
    sys.addaudithook(_hook)
