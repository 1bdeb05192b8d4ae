"""knowledge_base: the stores of what customers asked, of its clusters, and of how the answers do, as Protocols."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from kit.contracts import Tx
from knowledge_base.clustering import Filed, StoredCluster, UnfiledMiss
from knowledge_base.contracts import (
    Again,
    ArticleTally,
    Asked,
    ClusterCard,
    ClusterPage,
    ClusterState,
    Flag,
    FlagEnd,
    Miss,
    NoHelp,
    QuestionFilter,
    Rivals,
    Tally,
)
from nlu.contracts import Vector


class QuestionStore(Protocol):
    """What customers asked, and what went unanswered. All texts come masked."""

    async def add(self, tx: Tx, asked: Asked, *, day: date, folded: str) -> None: ...

    async def add_miss(self, tx: Tx, *, miss_id: str, miss: Miss) -> None: ...

    async def set_helped(self, tx: Tx, asked_id: str, *, helped: bool) -> None: ...

    async def set_reason(self, tx: Tx, asked_id: str, *, reason: NoHelp) -> None: ...

    async def set_handed_over(self, tx: Tx, customer: str, *, since: datetime) -> None: ...

    async def add_reply(self, tx: Tx, customer: str, reply: str, *, since: datetime, longest: int) -> bool:
        """Put an agent's words to the customer's misses since then; False where there are none."""
        ...

    async def last_handed_over(self, tx: Tx, customer: str, *, since: datetime) -> Asked | None: ...

    async def add_left(self, tx: Tx, *, since: datetime, until: datetime) -> int:
        """Make misses (`left`) of the questions of that time whose choices were left; returns how many.

        A question of which there is a miss, or after which the customer got an answer, is passed over: a call made
        twice adds nothing.
        """
        ...

    async def forget(self, tx: Tx, *, before: datetime) -> None: ...


class ClusterStore(Protocol):
    """Clusters of unanswered questions."""

    async def unfiled(self, *, limit: int) -> tuple[UnfiledMiss, ...]:
        """Misses that stand in no cluster yet, oldest first."""
        ...

    async def clusters(self, *, encoder: str) -> tuple[StoredCluster, ...]:
        """Every cluster whose vectors are of this encoder."""
        ...

    async def foreign(self, *, encoder: str, limit: int) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """(cluster, its newest questions) of clusters whose vectors are of another encoder."""
        ...

    async def file(self, tx: Tx, filed: Sequence[Filed], *, encoder: str, at: datetime) -> None:
        """Put misses into clusters, founding those that are new; one filed by somebody faster counts once."""
        ...

    async def put_total(self, tx: Tx, cluster_id: str, *, encoder: str, total: Vector, size: int) -> None: ...

    async def speak_up(self, tx: Tx, cluster_id: str, *, again: Again) -> None: ...

    async def page(self, chosen: QuestionFilter, *, quiet: bool, today: date, offset: int, limit: int) -> ClusterPage:
        """Clusters by how many customers they cost; `quiet` ones are those that editors have dealt with."""
        ...

    async def card(self, cluster_id: str, *, today: date, wordings: int, replies: int) -> ClusterCard | None: ...

    async def settle(
        self, tx: Tx, cluster_id: str, *, state: ClusterState, article_id: str | None, at: datetime, by: str
    ) -> bool: ...

    async def merge(self, tx: Tx, cluster_id: str, *, into: str, at: datetime, by: str) -> bool: ...


class FlagStore(Protocol):
    """Flags that staff put on answers."""

    async def put(self, tx: Tx, flag: Flag) -> Flag | None:
        """Store a flag; returns the one of the same person on the same article that waited and is replaced."""
        ...

    async def waiting(self) -> tuple[Flag, ...]:
        """Those nobody has settled, of articles that are not deleted; oldest first."""
        ...

    async def settle(
        self, tx: Tx, article_id: str, *, end: FlagEnd, seen: Sequence[str], at: datetime, by: str
    ) -> tuple[Flag, ...]:
        """Settle those of `seen` (ids) that still wait; returns them, oldest first."""
        ...


class FigureStore(Protocol):
    """How the answers do, added up."""

    async def days(self, chosen: QuestionFilter) -> tuple[tuple[date, str, Tally], ...]:
        """Per day and channel."""
        ...

    async def articles(
        self, chosen: QuestionFilter, *, limit: int, article_id: str | None = None
    ) -> tuple[ArticleTally, ...]:
        """Per article, the most shown first."""
        ...

    async def rivals(self, chosen: QuestionFilter, *, limit: int) -> tuple[Rivals, ...]: ...

    async def reasons(
        self, chosen: QuestionFilter, *, article_id: str | None = None
    ) -> tuple[tuple[NoHelp, int], ...]: ...

    async def questions(self, chosen: QuestionFilter, *, limit: int) -> tuple[tuple[str, int], ...]: ...

    async def never(self, chosen: QuestionFilter, *, limit: int) -> tuple[tuple[str, ...], int]:
        """(published articles that no question led to, how many there are)."""
        ...

    async def titles(self, ids: Sequence[str]) -> dict[str, dict[str, str]]:
        """Titles by language of each article."""
        ...

    async def between(self, begin: datetime, end: datetime, *, article_id: str | None) -> Tally:
        """Questions of a span of time; of one article those that it was nearest to."""
        ...
