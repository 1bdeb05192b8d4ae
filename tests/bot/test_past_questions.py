"""bot: the editors' gate gets what customers asked, each question once, and nothing else they said."""

from __future__ import annotations

from bot.adapters.past_questions import LONGEST, SqlPastQuestions
from kit.contracts import Language
from knowledge_base.contracts import Level, PastQuestion
from tests.bot.support.desk import Parts
from tests.bot.support.scripted import article
from tests.bot.support.talk import Talk


def question(text: str) -> PastQuestion:
    """As the scripted understanding reads it: the channel's language, Chinese."""
    return PastQuestion(question=text, language=Language.ZH)


async def test_questions_come_once_and_newest_first(parts: Parts) -> None:
    talk = Talk(parts=parts)
    talk.search.know("how do I return it?", Level.SURE, article("returns", Language.EN))
    for text in ("how do I return it?", "do you sell boats?", "how do I return it?"):
        await talk.say(text)
    past = SqlPastQuestions(parts.database)
    assert await past.recent(limit=9) == (question("how do I return it?"), question("do you sell boats?"))
    assert await past.recent(limit=1) == (question("how do I return it?"),)


async def test_thanks_stories_and_calls_for_a_person_are_no_questions(parts: Parts) -> None:
    talk = Talk(parts=parts)
    talk.understand.hear("thank you", Language.ZH, intent="thanks")
    talk.understand.hear("转人工", Language.ZH, intent="talk_to_person", wants_person=True)
    await talk.say("do you sell boats?")
    await talk.say("thank you")
    await talk.say("boats? " * (LONGEST // 6))
    await talk.say("转人工")
    assert await SqlPastQuestions(parts.database).recent(limit=9) == (question("do you sell boats?"),)
