"""Clients of other services, at the endpoint that the user has named.

They go to AWS only if that is the word `aws`: wherever botocore goes by itself, which under moto's
`mock_aws` is moto.
"""

from __future__ import annotations

import os
import threading
from typing import Any, Final

AWS: Final = "aws"

_HARMLESS: Final = "emulated"


class Clients:
    """botocore's clients, made when they are first needed. They try once, for so many seconds."""

    def __init__(self, endpoint_url: str, seconds: float) -> None:
        self.endpoint_url = endpoint_url
        self.seconds = seconds
        self._session: Any = None
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()

    def get(self, service: str, region: str, account_id: str) -> Any:
        """Find the client of a service in a Region."""
        with self._lock:
            client = self._clients.get((service, region))
            if client is None:
                client = self._clients[service, region] = self._make(service, region, account_id)
        return client

    def close(self) -> None:
        """Let go of the connections."""
        with self._lock:
            for client in self._clients.values():
                client.close()
            self._clients.clear()

    def _make(self, service: str, region: str, account_id: str) -> Any:
        # Imported here: who names no endpoint does not pay for botocore's clients.
        import botocore.session  # noqa: PLC0415
        from botocore.config import Config  # noqa: PLC0415

        if self._session is None:
            self._session = botocore.session.Session()
        config = Config(
            connect_timeout=self.seconds,
            read_timeout=self.seconds,
            retries={"total_max_attempts": 1},
        )
        named: dict[str, Any] = {}
        if self.endpoint_url != AWS:
            # Few emulators answer under a host name for each bucket.
            config = config.merge(Config(s3={"addressing_style": "path"}))
            named = {"endpoint_url": self.endpoint_url, **_credentials(account_id)}
        return self._session.create_client(service, region_name=region, config=config, **named)


def _credentials(account_id: str) -> dict[str, str]:
    """Harmless credentials, where the environment has none; emulators take the key for the account.

    Nothing else is asked for credentials: it might ask AWS.
    """
    if "AWS_ACCESS_KEY_ID" in os.environ:
        return {}
    return {"aws_access_key_id": account_id, "aws_secret_access_key": _HARMLESS}
