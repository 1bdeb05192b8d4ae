"""tests: representatives who keep books. They claim what waits and answer it, ask again after every broken call, and at
the end compare what they were told with who owns what in the store."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx

from kit.contracts import Language
from kit.ids import now
from kit.sql import Database
from staff.adapters.build import build_tokens
from staff.contracts import Person, Role, Scope
from staff.settings import StaffSettings
from tests.support.running import RunningDesk
from tests.support.wait import until

PAUSE = 0.1
BOSS = Person(id="boss", name="boss", display_name="主管", roles=frozenset({Role.ADMIN}), language=Language.ZH, csrf="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one of them was told of a claim or a reply; `seq` is None for a claim."""

    conversation: str
    epoch: int
    key: str = ""
    seq: int | None = None


@dataclass(slots=True)
class Representative:
    """One of several who reach for the same customers, through the desk's interface for programs."""

    name: str
    secret: str = field(repr=False)
    won: set[Told] = field(default_factory=set)
    lost: list[tuple[str, str]] = field(default_factory=list)
    """(conversation, name of who was said to have it)."""
    replies: list[Told] = field(default_factory=list)

    async def work(self, address: str, over: asyncio.Event) -> None:
        """Claim and answer whatever waits; what was begun when it is `over` is brought to its end."""
        async with httpx.AsyncClient(base_url=f"{address}/api/v1/desk", trust_env=False, timeout=10) as http:
            http.headers["Authorization"] = f"Bearer {self.secret}"
            while not over.is_set():
                await self._ask(http, "POST", "/alive")
                for waiting in await self._ask(http, "GET", "/queue"):
                    await self._claim(http, waiting)
                await asyncio.sleep(PAUSE)

    async def _claim(self, http: httpx.AsyncClient, waiting: dict[str, Any]) -> None:
        answer = await self._ask(http, "POST", f"/handoffs/{waiting['id']}/claim")
        where, epoch = str(waiting["conversation"]), int(answer["handoff"]["epoch"])
        if not answer["claimed"]:
            self.lost.append((where, answer["handoff"]["agent"] or ""))
            return
        self.won.add(Told(conversation=where, epoch=epoch))
        key = f"{self.name}:{where}:{epoch}"
        body = {"key": key, "text": "您好，我来处理。", "epoch": epoch}
        stored = await self._ask(http, "POST", f"/conversations/{where}/replies", body)
        if stored is not None:
            self.replies.append(Told(conversation=where, epoch=epoch, key=key, seq=stored["seq"]))

    @staticmethod
    async def _ask(http: httpx.AsyncClient, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask until there is an answer; None for "no longer yours" and for nothing to tell."""
        while True:
            try:
                answer = await http.request(method, path, json=body)
            except httpx.HTTPError:
                await asyncio.sleep(PAUSE)
                continue
            if answer.status_code in {HTTPStatus.NO_CONTENT, HTTPStatus.CONFLICT}:
                return None
            if answer.is_success:
                return answer.json()
            assert answer.is_server_error, answer.text
            await asyncio.sleep(PAUSE)


async def hire(desk: RunningDesk, number: int) -> list[Representative]:
    """So many new representatives."""
    database = Database(f"sqlite:///{desk.database}")
    try:
        tokens = build_tokens(database, StaffSettings())
        scopes = [Scope.DESK_READ, Scope.DESK_WRITE]
        made = [
            await tokens.make(name=f"agent {one} {now():%f}", scopes=scopes, days=1, by=BOSS) for one in range(number)
        ]
        return [Representative(name=one.token.id, secret=one.secret) for one in made]
    finally:
        await database.close()


def faults_on_the_floor(desk: RunningDesk, team: Sequence[Representative], asked: Sequence[str]) -> list[str]:
    """Everything that breaks a promise; `asked` are the conversations that called for a person, all held now."""
    won = {told: one for one in team for told in one.won}
    faults = [
        f"{told.conversation} was given to two at once"
        for told, number in Counter(told for one in team for told in one.won).items()
        if number > 1
    ]
    for where in asked:
        rows = desk.rows("SELECT state, agent_id, epoch FROM handoffs WHERE conversation_id = ?", where)
        [owner] = desk.rows("SELECT owner, agent_id, epoch FROM conversations WHERE id = ?", where)
        mine = [told for told in won if told.conversation == where]
        last = max(mine, key=lambda told: told.epoch, default=None)
        if len(rows) != 1:
            faults.append(f"{where} stands in the queue {len(rows)} times")
        elif last is None or rows[0] != ("active", won[last].name, last.epoch):
            faults.append(f"{where}: the winner was told {last}, the desk has {rows[0]}")
        elif owner != ("agent", won[last].name, last.epoch):
            faults.append(f"{where}: {won[last].name} holds it, the conversation belongs to {owner}")
        faults += _faults_of_words(desk, team, where, joined=len(mine))
    return faults + [f"{one.name} lost {where} to nobody" for one in team for where, winner in one.lost if not winner]


def _faults_of_words(desk: RunningDesk, team: Sequence[Representative], where: str, *, joined: int) -> list[str]:
    """What was said there, against what was acknowledged."""
    lines = desk.rows("SELECT seq, kind, key, payload FROM entries WHERE conversation_id = ?", where)
    said = {str(key): int(str(seq)) for seq, kind, key, _ in lines if kind == "agent"}
    told = {reply.key: reply.seq for one in team for reply in one.replies if reply.conversation == where}
    came = [line for line in lines if line[1] == "event" and json.loads(str(line[3])).get("code") == "joined"]
    faults = [] if said == told else [f"{where}: acknowledged {told}, stored {said}"]
    return faults + ([] if len(came) == joined else [f"{where}: {len(came)} came in, {joined} claims were won"])


async def all_held(desk: RunningDesk, asked: Sequence[str], *, within: float) -> None:
    """Wait until somebody has every one of these conversations and has greeted the customer."""

    def held() -> bool:
        active = {str(row[0]) for row in desk.rows("SELECT conversation_id FROM handoffs WHERE state = 'active'")}
        greeted = {str(row[0]) for row in desk.rows("SELECT conversation_id FROM entries WHERE kind = 'agent'")}
        return set(asked) <= active & greeted

    await until(held, within=within)
