"""Promises of the refit: golden questions may refuse it, and operating points follow what config.yml asks for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.contracts import Language
from kit.sql import Database
from knowledge_base.calibration import STARTING, Calibration, Thresholds, order
from knowledge_base.fitting import FEWEST, Labelled, Question, asked_as_they_are, fit
from knowledge_base.live_base import UnknownQuestion
from knowledge_base.refitting import is_worse_on, refitted
from knowledge_base.searching import Base
from knowledge_base.settings import KnowledgeBaseSettings
from knowledge_base.space import fit_space
from nlu.contracts import TextRole
from nlu.encoder.hashing import HashingEncoder
from nlu.service import fold
from tests.knowledge_base.test_fitting import WANTED, labelled, many
from tests.knowledge_base.test_live_base import MANY, MANY_WORDS, OtherEncoder, opened
from tests.support.clock import MovableClock

BACKWARDS = replace(STARTING, rank=tuple(-weight for weight in STARTING.rank))
"""Puts the least fitting candidate first."""


@pytest.fixture(scope="module")
def base() -> Base:
    """Thirty articles, nothing fitted yet."""
    segment = many()
    return Base(
        version=1,
        encoder=HashingEncoder.fingerprint,
        big=segment,
        small=None,
        gone=frozenset(),
        space=fit_space(segment.corpus),
        calibration=STARTING,
    )


def settled(*rights: tuple[str, str]) -> list[Question]:
    """Golden questions as (text, the article that answers it)."""
    vectors = HashingEncoder().encode([text for text, _ in rights], TextRole.QUERY)
    return [
        Question(vector=vector, folded=fold(text), language=Language.EN, right=right)
        for (text, right), vector in zip(rights, vectors, strict=True)
    ]


def asked(base: Base, *rights: tuple[str, str]) -> list[Labelled]:
    return asked_as_they_are(base.big, base.space, settled(*rights))


def refit(base: Base, golden: list[Question]) -> Calibration | None:
    folded = [fold(text) for text in base.big.corpus.wordings]
    return refitted(base, wanted=WANTED, unknown=(), golden=golden, folded=folded)


def test_fewer_golden_questions_right_at_first_is_worse(base: Base) -> None:
    golden = asked(base, ("is the kettle odd", "many-0"), ("washer tell me", "many-1"))
    assert is_worse_on(golden, BACKWARDS, STARTING)
    assert not is_worse_on(golden, STARTING, BACKWARDS)
    assert not is_worse_on(golden, STARTING, STARTING)
    assert not is_worse_on([], BACKWARDS, STARTING)


def test_a_confidence_that_misleads_is_worse_once_there_are_questions_enough_to_tell(base: Base) -> None:
    golden = asked(base, *((f"the {word} is odd", f"many-{at}") for at, word in enumerate(MANY_WORDS)))
    assert len(golden) == FEWEST
    fitted = fit(labelled(base.big), WANTED)
    doubting = replace(fitted, bias=-9.0)
    assert is_worse_on(golden, doubting, fitted)
    assert not is_worse_on(golden[1:], doubting, fitted)


def test_other_operating_points_alone_are_not_worse(base: Base) -> None:
    golden = asked(base, *((f"the {word} is odd", f"many-{at}") for at, word in enumerate(MANY_WORDS)))
    fitted = fit(labelled(base.big), WANTED)
    strict = replace(fitted, thresholds={language: Thresholds(answer=0.999, clarify=0.9) for language in Language})
    assert not is_worse_on(golden, strict, fitted)


def test_a_refit_that_harms_a_golden_question_is_not_used(base: Base) -> None:
    odd = replace(base, calibration=replace(BACKWARDS, wanted=WANTED))
    # What the present calibration puts first counts as settled, however odd it looks.
    (question,) = asked(base, ("kettle please", "many-0"))
    _, _, positions = order(BACKWARDS, question.candidates)
    settled_on = base.big.corpus.articles[int(question.candidates.articles[positions[0]])].id
    assert settled_on != "many-0"
    assert refit(odd, settled(("kettle please", settled_on))) is None
    assert refit(odd, settled(("kettle please", "many-0"))) is not None
    assert refit(odd, []) is not None
    # Its operating points are chosen anew all the same when others are wanted.
    kept = refit(replace(base, calibration=BACKWARDS), settled(("kettle please", settled_on)))
    assert kept is not None
    assert (kept.rank, kept.wanted) == (BACKWARDS.rank, WANTED)


async def test_another_wanted_precision_in_the_settings_is_followed_at_the_next_start(
    sqlite_database: Database, clock: MovableClock, tmp_path: Path
) -> None:
    unknown = (UnknownQuestion(text="what is the weather like", language=Language.EN),)
    first = await opened(sqlite_database, clock, tmp_path, fits=True, unknown=unknown)
    await first.parts.importing.publish_all(MANY)
    await first.first("kettle please")
    await first.parts.live.settled()
    before = (await first.parts.live.current()).calibration
    wanted = KnowledgeBaseSettings(answer_precision=0.7)
    later = await opened(sqlite_database, clock, tmp_path, fits=True, unknown=unknown, settings=wanted)
    await later.parts.live.settled()
    after = (await later.parts.live.current()).calibration
    assert after.wanted is not None
    assert after.wanted.answer_precision == 0.7
    assert after.thresholds[Language.EN].answer < before.thresholds[Language.EN].answer


async def test_changed_articles_are_fitted_to_in_the_background(
    sqlite_database: Database, clock: MovableClock, tmp_path: Path
) -> None:
    settings = KnowledgeBaseSettings(refit_after=5)
    base = await opened(sqlite_database, clock, tmp_path, fits=True, settings=settings)
    await base.parts.importing.publish_all(MANY[:20])
    await base.first("kettle please")
    await base.parts.live.settled()
    before = (await base.parts.live.current()).calibration
    await base.parts.importing.publish_all(MANY[20:])
    assert await base.first("my dagger is odd") == "many-28"
    await base.parts.live.settled()
    after = (await base.parts.live.current()).calibration
    assert 0 < before.questions < after.questions


async def test_another_encoder_is_fitted_to_anew(
    sqlite_database: Database, clock: MovableClock, tmp_path: Path
) -> None:
    first = await opened(sqlite_database, clock, tmp_path / "a", fits=True)
    await first.parts.importing.publish_all(MANY)
    await first.first("kettle please")
    await first.parts.live.settled()
    later = await opened(sqlite_database, clock, tmp_path / "b", fits=True, encoder=OtherEncoder())
    assert (await later.parts.live.current()).calibration.questions == 0
    await later.parts.live.settled()
    fitted = await later.parts.base.state()
    assert fitted.calibration is not None
    assert await later.parts.base.calibration(fitted.calibration, encoder=OtherEncoder.fingerprint) is not None
