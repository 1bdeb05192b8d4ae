"""cases: what is linked to a case: other conversations about it, articles, files that came in the chat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from cases.contracts import Case, Editor
from cases.contracts.linked import LABEL, Linked, LinkKind, file_of
from cases.keeper import Keeper
from cases.ports import LinkStore
from cases.service import Cases
from kit.contracts import Clock, Language, NewId, Transactions, Tx
from kit.files import SentFile
from kit.refusals import NotFound
from staff.contracts.sight import Sight


class Surroundings(Protocol):
    """What lies around a case. `bot` knows conversations and articles."""

    async def conversation(self, conversation_id: str, *, sight: Sight) -> str | None:
        """What people read for a conversation; None where there is none, or `sight` ends."""
        ...

    async def of_customer(self, conversation_id: str, *, sight: Sight) -> tuple[tuple[str, str], ...]:
        """The other conversations of the same customer, by id and label, as far as `sight` covers them."""
        ...

    async def article(self, article_id: str, language: Language) -> str | None:
        """The title of a published article."""
        ...

    async def articles(self, words: str, language: Language) -> tuple[tuple[str, str], ...]:
        """Articles about these words, by id and title, the nearest first."""
        ...

    async def load(self, conversation_id: str, seq: int) -> SentFile:
        """A file of a conversation. Raises NotFound, and what the channel says that does not hand it out."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is linked to a case, and what could be."""

    conversations: tuple[Linked, ...]
    articles: tuple[Linked, ...]
    files: tuple[Linked, ...]
    offered_conversations: tuple[tuple[str, str], ...]
    """Of the same customer, not linked yet."""


class Linking:
    """Links, made by colleagues; those of the bot come with `Cases`."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: LinkStore,
        around: Surroundings,
        cases: Cases,
        keeper: Keeper,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._transactions, self._store, self._around = transactions, store, around
        self._cases, self._keeper, self._clock, self._new_id = cases, keeper, clock, new_id

    async def of(self, case: Case, *, sight: Sight) -> Around:
        """Everything around a case."""
        links = await self._store.of_case(case.id)
        held = {case.conversation_id, *(each.target for each in links)}
        others = await self._around.of_customer(case.conversation_id, sight=sight) if case.conversation_id else ()
        return Around(
            conversations=tuple(each for each in links if each.kind is LinkKind.CONVERSATION),
            articles=tuple(each for each in links if each.kind is LinkKind.ARTICLE),
            files=tuple(each for each in links if each.kind is LinkKind.FILE),
            offered_conversations=tuple(each for each in others if each[0] not in held),
        )

    async def find_articles(self, case: Case, words: str, language: Language) -> tuple[tuple[str, str], ...]:
        """Articles that could be linked; nothing without words."""
        held = {each.target for each in await self._store.of_case(case.id)}
        found = await self._around.articles(words, language) if words.strip() else ()
        return tuple(each for each in found if each[0] not in held)

    async def link(self, number: str, kind: LinkKind, target: str, *, by: Editor, language: Language) -> None:
        """Link a conversation or an article; said twice it stands there once. Raises NotFound."""
        case = (await self._cases.load(number, sight=by.sight)).case
        label = None
        match kind:
            case LinkKind.CONVERSATION if target != case.conversation_id:
                label = await self._around.conversation(target, sight=by.sight)
            case LinkKind.ARTICLE:
                label = await self._around.article(target, language)
            case _:
                """Files are linked where they arrive."""
        if label is None:
            raise NotFound
        linked = Linked(
            id=self._new_id(),
            case_id=case.id,
            kind=kind,
            target=target,
            label=label[:LABEL],
            at=self._clock(),
            by=by.id,
            by_name=by.name,
        )

        async def write(tx: Tx) -> None:
            if await self._store.add(tx, linked):
                await self._note(tx, case, "linked", linked, by=by)

        await self._transactions.write(write)

    async def take_off(self, number: str, link_id: str, *, by: Editor) -> None:
        """It was a mistake. Raises NotFound."""
        case = (await self._cases.load(number, sight=by.sight)).case

        async def write(tx: Tx) -> None:
            gone = await self._store.take_off(tx, case.id, link_id)
            if gone is None:
                raise NotFound
            await self._note(tx, case, "unlinked", gone, by=by)

        await self._transactions.write(write)

    async def files(self, case_id: str) -> tuple[Linked, ...]:
        """Files of a case that came in the chat."""
        return tuple(each for each in await self._store.of_case(case_id) if each.kind is LinkKind.FILE)

    async def load_file(self, case_id: str, link_id: str) -> tuple[Linked, SentFile]:
        """A file that came in the chat and belongs to this very case. Raises NotFound, and what the channel says."""
        found = next((each for each in await self.files(case_id) if each.id == link_id), None)
        if found is None:
            raise NotFound
        return found, await self._around.load(*file_of(found.target))

    async def _note(self, tx: Tx, case: Case, what: str, linked: Linked, *, by: Editor) -> None:
        await self._keeper.change(
            tx, case.id, lambda draft: draft.note(what, linked.label), by=by, at=linked.at, audited=True
        )
