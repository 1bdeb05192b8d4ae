"""bot: every decision keeps what it was made from, and is found again for "why this answer"."""

from __future__ import annotations

from bot.app.why import as_text
from bot.past_replies import RecordedReplies
from kit.contracts import Language
from knowledge_base.contracts import Level, NoReplay, Why
from tests.bot.support.desk import Parts
from tests.bot.support.scripted import article
from tests.bot.support.talk import Talk

QUESTION = "how do I return it?"


async def test_a_reply_is_found_by_its_decision_and_by_its_entries(sqlite_parts: Parts) -> None:
    talk = Talk(parts=sqlite_parts)
    talk.search.know(QUESTION, Level.SURE, article("returns", Language.EN))
    await talk.say(QUESTION)
    [record] = await sqlite_parts.turns.of_conversation(talk.conversation_id)
    replies = RecordedReplies(sqlite_parts.turns)
    reply = await replies.find(record.id)
    assert reply is not None
    assert (reply.question, reply.decision, reply.level) == (QUESTION, "answer", Level.SURE)
    assert reply.matches[0].article_id == record.article_id
    for seq in range(record.seq, record.reply_seq + 1):
        assert await replies.find(f"{talk.conversation_id}:{seq}") == reply
    assert await replies.find(f"{talk.conversation_id}:{record.reply_seq + 1}") is None


async def test_every_searched_decision_names_base_search_model_and_intent_model(sqlite_parts: Parts) -> None:
    talk = Talk(parts=sqlite_parts)
    talk.search.know(QUESTION, Level.SURE, article("returns", Language.EN))
    await talk.say(QUESTION)
    [record] = await sqlite_parts.turns.of_conversation(talk.conversation_id)
    reply = await RecordedReplies(sqlite_parts.turns).find(record.id)
    assert reply is not None
    searched = await talk.search.search(await talk.understand.read(QUESTION, previous=Language.EN))
    assert reply.knowledge_base_version == searched.knowledge_base_version > 0
    assert reply.model == searched.model != ""
    assert reply.understood_by == "scripted"
    assert (reply.answer_threshold, reply.clarify_threshold) == (searched.answer_threshold, searched.clarify_threshold)


async def test_what_was_never_said_is_not_found(sqlite_parts: Parts) -> None:
    replies = RecordedReplies(sqlite_parts.turns)
    for name in ("", "nothing", "nobody:1", "nobody:", ":", "a:-1", "a:b", "a:²"):
        assert await replies.find(name) is None, name


async def test_the_explanation_in_words_names_what_was_recorded(sqlite_parts: Parts) -> None:
    talk = Talk(parts=sqlite_parts)
    talk.search.know(QUESTION, Level.SURE, article("returns", Language.EN))
    await talk.say(QUESTION)
    [record] = await sqlite_parts.turns.of_conversation(talk.conversation_id)
    reply = await RecordedReplies(sqlite_parts.turns).find(record.id)
    assert reply is not None
    text = as_text(Why(reply=reply, then=None, not_then=NoReplay.OTHER_ENCODER, today=None))
    for part in (QUESTION, "answering.sure", reply.model, reply.matches[0].title, "other_encoder"):
        assert part in text, part
