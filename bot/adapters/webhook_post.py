"""bot: calls a webhook's address. What a name stands for is looked at in the moment it is connected to."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from bot.contracts import FailureKind, SendFailed
from bot.webhooks.addresses import is_public_host, is_public_ip


class PublicResolver(AbstractResolver):
    """Resolves names, and knows only addresses of the open internet; so a name cannot be turned inward later."""

    def __init__(self, inner: AbstractResolver) -> None:
        self._inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses that may be called. Raises `OSError` when there is none."""
        found = [one for one in await self._inner.resolve(host, port, family) if is_public_ip(one["host"])]
        if not found:
            raise OSError("no public address")
        return found

    async def close(self) -> None:
        """Let go of the inner resolver."""
        await self._inner.close()


class HttpPost:
    """Fits `bot.webhooks.ports.Post`; close it."""

    def __init__(self, *, allow_private: bool, resolver: AbstractResolver | None = None) -> None:
        self._allow_private, self._resolver = allow_private, resolver
        self._session: aiohttp.ClientSession | None = None

    async def __call__(self, url: str, body: str, headers: Mapping[str, str]) -> int:
        """The status it answered; redirections are not followed. Raises `SendFailed`."""
        if not self._allow_private and not is_public_host(urlsplit(url).hostname or ""):
            # A literal address is connected to without being resolved.
            raise SendFailed(FailureKind.OURS, "private_address")
        try:
            async with self._open().post(
                url, data=body.encode(), headers=dict(headers), allow_redirects=False
            ) as response:
                return response.status
        except (aiohttp.ClientError, OSError) as error:
            raise SendFailed(FailureKind.UNAVAILABLE, type(error).__name__) from error

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            inner = self._resolver or ThreadedResolver()
            resolver = inner if self._allow_private else PublicResolver(inner)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False), trust_env=False
            )
        return self._session
