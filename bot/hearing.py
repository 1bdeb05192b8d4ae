"""bot: from a message to its meaning and its matches: read, understand and search side by side, on one vector.

A message that may lean on what was said before is searched behind it as well, and a message with several questions
question by question. What comes of it is settled by the pure `follow_up` and `questions`; everything that was looked
up is kept, so that a turn can be replayed.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from bot.faults import Faults
from bot.follow_up import behind, combine, is_elliptical, is_settled, leans
from bot.policy.situation import How, Looked, Policy, Situation
from bot.ports import Search, Understand
from bot.questions import split_questions
from bot.settings.conversation import TurnSettings
from bot.state import Field, Topic
from kit.contracts import Language
from knowledge_base.contracts import Level, SearchResult
from nlu.contracts import ComplaintReading, Reading, Understanding

WITHOUT_ARTICLE = frozenset({"complaint", "talk_to_person"})
"""Intents that decide over a message whatever else is asked in it."""
JOINED = {Language.ZH: "，", Language.EN: ". "}
"""Between what was told before and what is told now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What came of listening; what could not be found out in time is None."""

    language: Language
    understanding: Understanding | None = None
    matter: ComplaintReading | None = None
    """The complaint in the message behind what was told before."""
    whole: Looked | None = None
    """The message as one."""
    parts: tuple[Looked, ...] = ()
    """Its questions one by one, where it holds several."""


def spans_of(text: str, understanding: Understanding) -> tuple[str, ...]:
    """What is said for each of several intents ("东西坏了，还要多久退款"); nothing where there is one. Pure."""
    spans = understanding.intents
    if not spans[1:] or any(span.name in WITHOUT_ARTICLE for span in spans):
        return ()
    return tuple(text[span.start : span.end] for span in spans)


class Hearing:
    """Listens to messages."""

    def __init__(self, *, understand: Understand, search: Search, policy: Policy, settings: TurnSettings) -> None:
        self._understand, self._search = understand, search
        self._policy, self._settings = policy, settings

    async def hear(self, situation: Situation, *, previous: Language, faults: Faults) -> Heard:
        """Read and understand the text and search for it. Whatever breaks is a fault and no more."""
        deadline = self._deadline()
        reading = await faults.by("read", deadline, self._understand.read(situation.text, previous=previous))
        if reading is None:
            return Heard(language=situation.language)
        understanding, looked = await asyncio.gather(
            faults.by("understand", deadline, self._understand.interpret(reading)),
            faults.by("search", deadline, self._look_all(reading, situation)),
        )
        whole, parts = looked or (None, ())
        matter = await self._matter(reading, understanding, situation, faults, deadline)
        wanted = () if understanding is None or parts else spans_of(reading.text, understanding)
        if whole is not None and wanted:
            each = self._look_each(wanted, reading.language, situation)
            parts = await faults.by("search", deadline, each) or ()
        return Heard(language=reading.language, understanding=understanding, matter=matter, whole=whole, parts=parts)

    async def _matter(
        self,
        reading: Reading,
        understanding: Understanding | None,
        situation: Situation,
        faults: Faults,
        deadline: float,
    ) -> ComplaintReading | None:
        """The text read as the end of what the customer told before; None where it is no complaint or begins one."""
        told, form = situation.told_before(self._policy), situation.state.form
        tells = form is not None and form.asking is Field.WHAT_HAPPENED
        complains = understanding is not None and understanding.complaint.is_complaint
        if not told or not (tells or complains):
            return None
        whole = f"{told}{JOINED[reading.language]}{reading.text}"
        return await faults.by("understand", deadline, self._read_complaint(whole, reading))

    def _deadline(self) -> float:
        """Until when, in the time of the event loop, everything that begins now may take."""
        return asyncio.get_running_loop().time() + self._settings.think_seconds

    async def _read_complaint(self, text: str, reading: Reading) -> ComplaintReading:
        return await self._understand.read_complaint(await self._understand.read(text, previous=reading.language))

    async def listen(self, text: str, *, previous: Language, faults: Faults) -> Understanding | None:
        """Understand the text and look nothing up: a person answers it. None where that broke, or took too long."""
        deadline = self._deadline()
        reading = await faults.by("read", deadline, self._understand.read(text, previous=previous))
        if reading is None:
            return None
        return await faults.by("understand", deadline, self._understand.interpret(reading))

    async def _look_all(self, reading: Reading, situation: Situation) -> tuple[Looked, tuple[Looked, ...]]:
        alone = await self._search.search(reading)
        topic = situation.state.topic
        questions = split_questions(situation.text, self._policy.words.question)
        if len(questions) > 1 and not is_settled(alone):
            whole = Looked(how=How.ALONE, text=situation.text, result=alone)
            return whole, await self._look_each(questions, reading.language, situation)
        return await self._lean(situation.text, alone, reading.language, topic, situation), ()

    async def _look_each(
        self, questions: tuple[str, ...], language: Language, situation: Situation
    ) -> tuple[Looked, ...]:
        """Each question by itself, or behind the one before it: "how long is the warranty, and after that?"."""
        looked: list[Looked] = []
        topic = situation.state.topic
        for question in questions:
            alone = await self._find(question, language)
            each = await self._lean(question, alone, language, topic, situation)
            looked.append(each)
            best = each.result.matches[0] if each.result.level is Level.SURE else None
            if best is not None:
                topic = Topic(question=question, title=best.title, article_id=best.article_id, at=situation.now)
        return tuple(looked)

    async def _lean(
        self, text: str, alone: SearchResult, language: Language, topic: Topic | None, situation: Situation
    ) -> Looked:
        minutes = self._policy.dialogue.topic_minutes
        if topic is None or is_settled(alone) or not leans(text, topic, now=situation.now, minutes=minutes):
            return Looked(how=How.ALONE, text=text, result=alone)
        together = behind(topic, text)
        context = await self._find(together, language)
        result = combine(alone, context, old=topic.article_id, elliptical=is_elliptical(text))
        return Looked(how=How.FOLLOW_UP, text=text, result=result, behind=together, alone=alone, context=context)

    async def _find(self, text: str, language: Language) -> SearchResult:
        reading = await self._understand.read(text, previous=language)
        return await self._search.search(replace(reading, language=language))
