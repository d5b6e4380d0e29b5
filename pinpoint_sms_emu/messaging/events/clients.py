"""Clients of other AWS services, at the endpoint of a setting.

They use AWS's own endpoints only if the setting is the word `aws`. Under moto's `mock_aws`, that is
moto.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, TypeAlias

from pinpoint_sms_emu.state.clock import Clock
from pinpoint_sms_emu.wire.protocol import DEFAULT_ACCOUNT, DUMMY_KEY

AWS: Final = "aws"

# Limited, because each client has a service model and open connections.
_MAX_CLIENTS: Final = 32
_IDLE: Final = timedelta(minutes=5)

# Service, Region and account.
_Key: TypeAlias = tuple[str, str, str]


class _CachedClient:
    """A client, when it was last used, and how many callers use it now."""

    __slots__ = ("client", "is_dropped", "used_at", "users")

    def __init__(self, client: Any) -> None:
        self.client = client
        self.used_at = Clock.system_now()
        self.users = 0
        # Closed as soon as nobody uses it.
        self.is_dropped = False


class Clients:
    """botocore clients by service, Region and account, created on first use.

    They do not retry, and time out after `seconds`. Idle clients are closed, and if there are too
    many, also the least recently used one. A client that is in use is closed after that: a closed
    botocore client opens new connections for its next request, which nothing would close.
    """

    def __init__(self, endpoint_url: str, seconds: float) -> None:
        self.endpoint_url = endpoint_url
        self.seconds = seconds
        self._session: Any = None
        self._clients: OrderedDict[_Key, _CachedClient] = OrderedDict()
        self._lock = threading.Lock()
        # Held while a client is created, which takes long; `close` does not wait for it.
        self._making = threading.Lock()
        self._is_closed = False

    @contextmanager
    def use(self, service: str, region: str, account_id: str) -> Iterator[Any]:
        """Provide the client of a service in a Region, for the resources of an account."""
        cached = self._take((service, region, account_id))
        try:
            yield cached.client
        finally:
            with self._lock:
                cached.users -= 1
                self._close_if_unused(cached)

    def _take(self, key: _Key) -> _CachedClient:
        with self._making:
            with self._lock:
                cached = self._clients.get(key)
                if cached is not None:
                    return self._use(key, cached)
            made = _CachedClient(self._make(*key))
            with self._lock:
                return self._use(key, made)

    def _use(self, key: _Key, cached: _CachedClient) -> _CachedClient:
        cached.users += 1
        cached.used_at = Clock.system_now()
        if self._is_closed:
            cached.is_dropped = True
            return cached
        self._clients[key] = cached
        self._clients.move_to_end(key)
        while self._is_over(cached.used_at):
            _, oldest = self._clients.popitem(last=False)
            self._drop(oldest)
        return cached

    def _is_over(self, now: datetime) -> bool:
        """Return whether the least recently used client must be closed."""
        oldest = next(iter(self._clients.values()))
        return len(self._clients) > _MAX_CLIENTS or now - oldest.used_at > _IDLE

    def close(self) -> None:
        """Close all clients and their connections; those in use, as soon as they are not."""
        with self._lock:
            self._is_closed = True
            for cached in self._clients.values():
                self._drop(cached)
            self._clients.clear()

    def _drop(self, cached: _CachedClient) -> None:
        cached.is_dropped = True
        self._close_if_unused(cached)

    @staticmethod
    def _close_if_unused(cached: _CachedClient) -> None:
        if cached.is_dropped and not cached.users:
            cached.client.close()

    def _make(self, service: str, region: str, account_id: str) -> Any:
        # Imported here, because it takes long and is needed only with an endpoint.
        import botocore.session  # noqa: PLC0415
        from botocore.config import Config  # noqa: PLC0415

        if self._session is None:
            self._session = botocore.session.Session()
            data_path = self._session.get_config_variable("data_path")
            self._session.register_component("data_loader", _loader(data_path))
        config = Config(
            connect_timeout=self.seconds,
            read_timeout=self.seconds,
            retries={"total_max_attempts": 1},
        )
        named: dict[str, Any] = {}
        if self.endpoint_url != AWS:
            # Few emulators support host names with buckets.
            config = config.merge(Config(s3={"addressing_style": "path"}))
            named = {"endpoint_url": self.endpoint_url, **_credentials(account_id)}
        client = self._session.create_client(service, region_name=region, config=config, **named)
        if account_id != DEFAULT_ACCOUNT:
            _name_account(client, account_id)
        return client


@cache
def _loader(data_path: str | None) -> Any:
    """Return the loader of service models, which are several MiB: each state has other clients."""
    import botocore.loaders  # noqa: PLC0415  as in _make

    return botocore.loaders.create_loader(data_path)


def _credentials(account_id: str) -> dict[str, str]:
    """Return the environment's credentials for the default account, else the account id as key.

    Moto has the same default account, and emulators interpret a key of 12 digits as the account.
    No other provider of credentials is used, because it might call AWS.
    """
    if account_id == DEFAULT_ACCOUNT and "AWS_ACCESS_KEY_ID" in os.environ:
        return {}
    return {"aws_access_key_id": account_id, "aws_secret_access_key": DUMMY_KEY}


def _name_account(client: Any, account_id: str) -> None:
    """Add the header with the account for moto to every request."""

    def add_header(request: Any, **_about: Any) -> None:
        request.headers["x-moto-account-id"] = account_id

    client.meta.events.register("before-sign", add_header)
