"""Promises of "why this answer": the search of that moment is made again, whatever has been published since."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.contracts import Language
from kit.refusals import NotFound
from kit.sql import Database
from knowledge_base.adapters.build import build_replay
from knowledge_base.adapters.neighbours import FaissBuilder
from knowledge_base.calibration import STARTING
from knowledge_base.contracts import Level, NoReplay, SearchResult
from knowledge_base.live_base import UnknownQuestion
from knowledge_base.replay import Replay
from knowledge_base.segment import Segment
from knowledge_base.segment_making import SegmentMaker
from knowledge_base.settings import IndexSettings
from knowledge_base.space import Space
from nlu.service import fold
from tests.knowledge_base.test_live_base import MANY, OtherEncoder, opened
from tests.support.articles import INVOICE, MEI, REFUND, STORE, SmallBase, draft
from tests.support.clock import MovableClock
from tests.support.past_replies import Kept

QUESTION = "refund not arrived yet"


@pytest.fixture
async def base(sqlite_database: Database, clock: MovableClock, tmp_path: Path) -> SmallBase:
    made = await opened(sqlite_database, clock, tmp_path / "here")
    await made.parts.importing.publish_all([REFUND, STORE, *MANY[:12]])
    await made.first("anything")
    return made


@pytest.fixture
def kept(clock: MovableClock) -> Kept:
    return Kept(clock)


def replay_over(base: SmallBase, kept: Kept) -> Replay:
    return build_replay(base.parts, reader=base.reader, replies=kept, normalise=fold)


async def asked(base: SmallBase, question: str) -> SearchResult:
    return await base.parts.search.search(await base.reader.read(question))


async def rewritten(base: SmallBase, key: str, title: str) -> None:
    article = await base.editing.find(key)
    assert article is not None
    saved = await base.editing.save(MEI, article.id, draft(key, title), expected_version=article.version)
    await base.editing.publish(MEI, article.id, expected_version=saved.version)


async def retired(base: SmallBase, key: str) -> None:
    article = await base.editing.find(key)
    assert article is not None
    await base.editing.retire(MEI, article.id, expected_version=article.version)


async def test_the_search_of_that_moment_is_made_again_after_everything_changed(base: SmallBase, kept: Kept) -> None:
    then = await asked(base, QUESTION)
    kept.put("r", QUESTION, then)
    await rewritten(base, "refund", "Where is the moon tonight?")
    await retired(base, "store")
    await base.parts.importing.publish_all([INVOICE, draft("new", "refund not arrived yet", "refund arrived not")])
    assert (await asked(base, QUESTION)).matches[0].key == "new"
    why = await replay_over(base, kept).why("r")
    assert why.then is not None
    assert why.same
    assert [(m.article_id, m.version) for m in why.then.result.matches] == [
        (m.article_id, m.version) for m in then.matches
    ]
    assert [m.confidence for m in why.then.result.matches] == pytest.approx(
        [m.confidence for m in then.matches], abs=1e-5
    )
    assert (why.then.result.level, why.then.result.model) == (then.level, then.model)
    assert why.then.result.knowledge_base_version == then.knowledge_base_version
    assert why.then.result.matches[0].title == REFUND.texts[0].title
    assert why.today is not None
    assert why.today.result.matches[0].key == "new"
    assert why.today.word_for_word
    assert not why.then.word_for_word


class NeverMade(SegmentMaker):
    """Makes no past base."""

    def renewed(self, *_: object) -> tuple[Segment, Space]:
        """Nobody should ask."""
        pytest.fail("a base was made that is there already")


async def test_a_base_that_is_there_is_not_made_again(base: SmallBase, kept: Kept) -> None:
    kept.put("before", QUESTION, await asked(base, QUESTION))
    await base.parts.importing.publish_all([INVOICE])
    kept.put("r", QUESTION, await asked(base, QUESTION))
    making = NeverMade(normalise=fold, builder=FaissBuilder(IndexSettings()), encoder=base.parts.encoder)
    replay = Replay(
        live=base.parts.live,
        search=base.parts.search,
        store=base.parts.base,
        encoder=base.parts.encoder,
        making=making,
        reader=base.reader,
        replies=kept,
    )
    assert (await replay.why("r")).same, "as it is now"
    assert (await replay.why("before")).same, "as the big index is"


async def test_every_score_is_the_sum_of_what_is_shown(base: SmallBase, kept: Kept) -> None:
    kept.put("r", QUESTION, await asked(base, QUESTION))
    why = await replay_over(base, kept).why("r")
    assert why.then is not None
    for candidate in why.then.candidates:
        assert sum(part.moved for part in candidate.weighed) == pytest.approx(candidate.score, abs=1e-3)
    scores = [candidate.score for candidate in why.then.candidates]
    assert scores == sorted(scores, reverse=True)
    moved = [abs(part.moved) for part in why.then.confidence]
    assert moved == sorted(moved, reverse=True)


async def test_the_calibration_of_that_moment_is_used_again(
    sqlite_database: Database, clock: MovableClock, tmp_path: Path, kept: Kept
) -> None:
    unknown = (UnknownQuestion(text="what is the weather like", language=Language.EN),)
    base = await opened(sqlite_database, clock, tmp_path, fits=True, unknown=unknown)
    await base.parts.importing.publish_all(MANY)
    before = await asked(base, "tell me of the kettle then")
    assert before.model.endswith(STARTING.version)
    kept.put("r", "tell me of the kettle then", before)
    await base.parts.live.settled()
    why = await replay_over(base, kept).why("r")
    assert why.then is not None
    assert why.today is not None
    assert why.then.result.model == before.model != why.today.result.model
    assert why.then.result.answer_threshold == before.answer_threshold
    kept.put("fitted", "tell me of the kettle then", why.today.result)
    again = await replay_over(base, kept).why("fitted")
    assert again.same


async def test_another_process_replays_the_same(
    base: SmallBase, sqlite_database: Database, clock: MovableClock, tmp_path: Path, kept: Kept
) -> None:
    kept.put("r", QUESTION, await asked(base, QUESTION))
    await rewritten(base, "refund", "Where is the moon tonight?")
    other = await opened(sqlite_database, clock, tmp_path / "there")
    assert (await replay_over(other, kept).why("r")).same


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"model": "another-encoder/0123456789"}, NoReplay.OTHER_ENCODER),
        ({"knowledge_base_version": 99_999}, NoReplay.BASE_GONE),
        ({"level": None}, NoReplay.NOT_SEARCHED),
    ],
)
async def test_what_cannot_be_replayed_says_why_and_still_tells_of_today(
    base: SmallBase, kept: Kept, values: dict[str, object], reason: NoReplay
) -> None:
    kept.put("r", QUESTION, await asked(base, QUESTION))
    kept.change("r", **values)
    why = await replay_over(base, kept).why("r")
    assert (why.then, why.not_then, why.same) == (None, reason, False)
    assert why.today is not None
    assert why.today.result.matches[0].key == "refund"


async def test_a_calibration_that_is_gone_is_named(base: SmallBase, kept: Kept) -> None:
    result = await asked(base, QUESTION)
    kept.put("r", QUESTION, replace(result, model=f"{base.encoder.fingerprint}/0123456789"))
    assert (await replay_over(base, kept).why("r")).not_then is NoReplay.CALIBRATION_GONE


async def test_a_press_of_a_button_has_nothing_to_replay(base: SmallBase, kept: Kept) -> None:
    kept.put("r", "", None)
    why = await replay_over(base, kept).why("r")
    assert (why.then, why.today, why.not_then) == (None, None, NoReplay.NOT_SEARCHED)


async def test_an_unknown_reply_is_refused(base: SmallBase, kept: Kept) -> None:
    with pytest.raises(NotFound):
        await replay_over(base, kept).why("nothing")


async def test_the_desk_goes_on_answering_from_the_present_base(base: SmallBase, kept: Kept) -> None:
    kept.put("r", QUESTION, await asked(base, QUESTION))
    await rewritten(base, "refund", "Where is the moon tonight?")
    now = await base.parts.live.current()
    await replay_over(base, kept).why("r")
    assert await base.parts.live.current() is now


async def test_every_past_state_of_the_base_can_be_named(
    database: Database, clock: MovableClock, tmp_path: Path
) -> None:
    base = await opened(database, clock, tmp_path)
    states: dict[int, set[str]] = {0: set()}
    for content in (REFUND, STORE):
        await base.parts.importing.publish_all([content])
        version = (await base.parts.base.state()).version
        states[version] = {content.key} | states[version - 1]
    await rewritten(base, "refund", "Another title?")
    await retired(base, "store")
    last = (await base.parts.base.state()).version
    keys = {article.id: key for key in ("refund", "store") if (article := await base.editing.find(key))}
    for version, expected in states.items():
        assert {keys[article_id] for article_id, _ in await base.parts.base.published_at(version)} == expected
    assert [(keys[a], v) for a, v in await base.parts.base.published_at(last)] == [("refund", 2)]
    assert await base.parts.base.published_at(last) == (await base.parts.base.published())[1]


async def test_a_desk_with_another_encoder_cannot_replay(
    base: SmallBase, sqlite_database: Database, clock: MovableClock, tmp_path: Path, kept: Kept
) -> None:
    reply = kept.put("r", QUESTION, await asked(base, QUESTION))
    assert reply.level in set(Level)
    other = await opened(sqlite_database, clock, tmp_path / "other", encoder=OtherEncoder())
    assert (await replay_over(other, kept).why("r")).not_then is NoReplay.OTHER_ENCODER
