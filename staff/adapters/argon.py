"""staff: argon2id, off the event loop and only a few at a time (each takes 64 MiB and some tens of milliseconds)."""

from __future__ import annotations

import asyncio

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 2


class ArgonHasher:
    """Fits `staff.ports.PasswordHasher`."""

    def __init__(self, hasher: argon2.PasswordHasher | None = None) -> None:
        self._hasher = hasher or argon2.PasswordHasher()
        self._places = asyncio.Semaphore(AT_ONCE)

    async def hash(self, password: str) -> str:
        """The hash to store."""
        async with self._places:
            return await asyncio.to_thread(self._hasher.hash, _bytes(password))

    async def matches(self, password_hash: str, password: str) -> bool:
        """Whether `password` is the one that was hashed."""
        async with self._places:
            return await asyncio.to_thread(self._verify, password_hash, password)

    def is_outdated(self, password_hash: str) -> bool:
        """Whether it was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(password_hash)

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
