"""tests: what a balancer learns."""

from __future__ import annotations

import asyncio

import httpx
from fastapi import FastAPI

from bot.run import health
from bot.run.health import Ask, Health, PartHealth, build_health_router


async def ask(parts: dict[str, Ask], path: str = "/readyz") -> httpx.Response:
    app = FastAPI()
    app.include_router(build_health_router(parts))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk") as client:
        return await client.get(path)


def part(state: Health, **about: str | int) -> Ask:
    async def tell() -> PartHealth:
        return PartHealth(health=state, about=dict(about))

    return tell


async def test_a_desk_whose_parts_work_is_ready() -> None:
    answer = await ask({"database": part(Health.OK, level="0001"), "wire": part(Health.OK)})
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "parts": {"database": {"state": "ok", "level": "0001"}, "wire": {"state": "ok"}},
    }


async def test_a_desk_that_is_only_slower_is_ready() -> None:
    answer = await ask({"database": part(Health.OK), "rasa": part(Health.DEGRADED)})
    assert answer.status_code == 200


async def test_a_part_that_is_down_or_fails_or_hangs_makes_it_not_ready() -> None:
    async def fail() -> PartHealth:
        raise ConnectionError("postgresql://desk:hunter2@db")

    async def hang() -> PartHealth:
        await asyncio.Event().wait()
        raise AssertionError

    answer = await ask({"database": fail, "worker": part(Health.DOWN), "rasa": hang})
    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert answer.json()["parts"]["database"] == {"state": "down", "fault": "ConnectionError"}
    assert answer.json()["parts"]["rasa"]["fault"] == "TimeoutError"
    assert "hunter2" not in answer.text


async def test_the_process_is_live_whatever_its_parts_do() -> None:
    answer = await ask({"database": part(Health.DOWN)}, "/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")


async def test_whoever_asks_often_costs_nothing() -> None:
    asked = 0

    async def count() -> PartHealth:
        nonlocal asked
        asked += 1
        return PartHealth(health=Health.OK)

    app = FastAPI()
    app.include_router(build_health_router({"database": count}))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk") as client:
        await asyncio.gather(*(client.get("/readyz") for _ in range(50)))
    assert asked == 1
    assert health.KEPT_SECONDS <= 1
