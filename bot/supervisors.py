"""bot: who supervises and how they are told: `cases.digest.Supervisors`, `cases.alerting.Watchers` over the desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from cases.contracts.digest import Supervisor
from handoff.contracts import NoticeKind
from kit.contracts import Tx
from staff.contracts import Role
from staff.contracts.sight import Sight
from staff.ports import People


class Sights(Protocol):
    """What somebody may see."""

    async def of(self, account_id: str, roles: frozenset[Role]) -> Sight: ...


class Notices(Protocol):
    """As much of the desk's notices as is used here."""

    async def tell(self, tx: Tx, accounts: Iterable[str], kind: NoticeKind, *, text: str = "") -> None: ...


class News(Protocol):
    """Says "look" to whoever shows notices."""

    async def desk_changed(self) -> None: ...


class DeskSupervisors:
    """The supervisors of the desk."""

    def __init__(self, *, people: People, sights: Sights, notices: Notices, news: News) -> None:
        self._people, self._sights, self._notices, self._news = people, sights, notices, news

    async def all(self) -> Sequence[Supervisor]:
        accounts = [one for one in await self._people.accounts() if one.active and Role.SUPERVISOR in one.roles]
        return [
            Supervisor(
                account_id=one.id, name=one.name, language=one.language, sight=await self._sights.of(one.id, one.roles)
            )
            for one in accounts
        ]

    async def tell(self, tx: Tx, words: Mapping[str, str]) -> None:
        for account_id, text in words.items():
            await self._notices.tell(tx, [account_id], NoticeKind.DIGEST, text=text)

    async def alert(self, tx: Tx, words: Mapping[str, str]) -> None:
        for account_id, text in words.items():
            await self._notices.tell(tx, [account_id], NoticeKind.CASE, text=text)

    async def wake(self) -> None:
        await self._news.desk_changed()
