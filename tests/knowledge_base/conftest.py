"""tests: programs of two editors and an agent, signed in to the running knowledge base."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.support.editing import Library
from tests.support.web import sign_in


@pytest.fixture
async def mei(library: Library) -> AsyncIterator[httpx.AsyncClient]:
    """An editor's program."""
    async with library.house.client(html=False) as client:
        await sign_in(client, "mei")
        client.headers["Accept-Language"] = "en"
        client.cookies.set("desk_language", "en")
        yield client


@pytest.fixture
async def tom(library: Library) -> AsyncIterator[httpx.AsyncClient]:
    """Another editor's program."""
    async with library.house.client(html=False) as client:
        await sign_in(client, "tom")
        yield client


@pytest.fixture
async def ann(library: Library) -> AsyncIterator[httpx.AsyncClient]:
    """An agent's program."""
    async with library.house.client(html=False) as client:
        await sign_in(client, "ann")
        yield client
