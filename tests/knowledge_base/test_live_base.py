"""Promises of the base in memory: never older than the last commit, in every process, whatever happens to its files."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from kit.contracts import Language
from kit.sql import Database
from knowledge_base.contracts import Level
from knowledge_base.live_base import UnknownQuestion
from knowledge_base.service import WrongEncoder
from knowledge_base.settings import IndexSettings, KnowledgeBaseSettings
from nlu.contracts import Reading, TextRole, Vectors
from nlu.encoder.hashing import HashingEncoder
from tests.support.articles import INVOICE, MEI, REFUND, STORE, SmallBase, draft, side
from tests.support.clock import MovableClock

MANY_WORDS = [
    "kettle", "washer", "fridge", "heater", "window", "parcel", "courier", "voucher", "password", "balance",
    "elevator", "hose", "filter", "remote", "cable", "battery", "lamp", "sofa", "mirror", "carpet",
    "garden", "bicycle", "ticket", "stamp", "pencil", "basket", "button", "collar", "dagger", "engine",
]  # fmt: skip
MANY = [
    draft(f"many-{number}", f"What about {word} today?", f"{word} please", f"tell me of {word}", f"my {word} is odd")
    for number, word in enumerate(MANY_WORDS)
]


class CountingEncoder(HashingEncoder):
    """Counts the texts it encodes."""

    def __init__(self) -> None:
        self.texts = 0

    def encode(self, texts: object, role: TextRole) -> Vectors:
        made = super().encode(list(texts), role)  # type: ignore[call-overload]
        self.texts += len(made)
        return made


class OtherEncoder(HashingEncoder):
    """The same vectors under another name."""

    fingerprint = "another-encoder"


@pytest.fixture
async def store(database: Database) -> Database:
    """SQLite and PostgreSQL in turn; the tests that say nothing of the store take SQLite alone."""
    return database


def empty_folder(folder: Path) -> None:
    """As a crash may leave it: the folder without its files, and another one half written beside it."""
    for path in folder.iterdir():
        path.unlink()
    (folder.parent / ".making-x").mkdir()


async def opened(store: Database, clock: MovableClock, folder: Path, **more: object) -> SmallBase:
    base = SmallBase(store, clock=clock, folder=folder, **more)  # type: ignore[arg-type]
    await base.parts.search.open()
    return base


async def test_a_publication_answers_from_the_next_search_on_in_every_process(
    store: Database, clock: MovableClock, tmp_path: Path
) -> None:
    here = await opened(store, clock, tmp_path / "here")
    there = await opened(store, clock, tmp_path / "there")
    made = await here.editing.create(MEI, REFUND)
    assert await there.first("refund not arrived") == ""
    await here.editing.publish(MEI, made.id, expected_version=1)
    assert await there.first("refund not arrived") == "refund"
    assert await here.first("refund not arrived") == "refund"
    await there.editing.retire(MEI, made.id, expected_version=1)
    assert await here.first("refund not arrived") == ""
    assert await there.first("refund not arrived") == ""


async def test_a_process_that_starts_later_loads_what_was_saved_and_adds_what_came_since(
    store: Database, clock: MovableClock, tmp_path: Path
) -> None:
    first = await opened(store, clock, tmp_path)
    await first.parts.importing.publish_all([REFUND, STORE])
    assert await first.first("refund not arrived") == "refund"
    made = await first.editing.create(MEI, INVOICE)
    await first.editing.publish(MEI, made.id, expected_version=1)
    store_article = await first.editing.find("store")
    assert store_article is not None
    await first.editing.retire(MEI, store_article.id, expected_version=1)
    encoder = CountingEncoder()
    second = await opened(store, clock, tmp_path, encoder=encoder)
    assert encoder.texts == 0
    assert await second.first("invoice please") == "invoice"
    assert await second.first("refund not arrived") == "refund"
    assert await second.first("shop address beijing") != "store"


@pytest.mark.parametrize("file", ["points.npy", "arrays.npz", "words.json", "neighbours.faiss", "manifest.json"])
async def test_one_flipped_bit_in_the_saved_index_is_noticed_and_it_is_built_anew(
    sqlite_database: Database, clock: MovableClock, tmp_path: Path, file: str
) -> None:
    first = await opened(sqlite_database, clock, tmp_path)
    await first.parts.importing.publish_all([REFUND, STORE])
    assert await first.first("refund not arrived") == "refund"
    (snapshot,) = (tmp_path / "index").iterdir()
    content = bytearray((snapshot / file).read_bytes())
    content[len(content) // 2] ^= 0x10
    (snapshot / file).write_bytes(bytes(content))
    second = await opened(sqlite_database, clock, tmp_path)
    assert await second.first("refund not arrived") == "refund"
    assert await second.first("shop address beijing") == "store"
    # The damaged one was replaced by a whole one.
    (rebuilt,) = (tmp_path / "index").iterdir()
    assert rebuilt != snapshot


async def test_a_half_written_or_vanished_index_does_no_harm(
    sqlite_database: Database, clock: MovableClock, tmp_path: Path
) -> None:
    first = await opened(sqlite_database, clock, tmp_path)
    await first.parts.importing.publish_all([REFUND])
    await first.first("refund")
    (snapshot,) = (tmp_path / "index").iterdir()
    empty_folder(snapshot)
    second = await opened(sqlite_database, clock, tmp_path)
    assert await second.first("refund not arrived") == "refund"


async def test_the_index_of_another_database_is_not_believed(
    sqlite_database: Database, clock: MovableClock, tmp_path: Path, sqlite_template: Path
) -> None:
    first = await opened(sqlite_database, clock, tmp_path)
    await first.parts.importing.publish_all([REFUND, STORE])
    await first.first("refund")
    shutil.copyfile(sqlite_template, tmp_path / "other.db")
    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    second = await opened(other, clock, tmp_path)
    assert await second.first("refund not arrived") == ""
    await second.parts.importing.publish_all([INVOICE])
    assert await second.first("invoice please") == "invoice"
    assert await second.first("refund not arrived") == "invoice"
    await other.close()


async def test_vectors_of_different_encoders_never_meet(store: Database, clock: MovableClock, tmp_path: Path) -> None:
    first = await opened(store, clock, tmp_path)
    await first.parts.importing.publish_all([REFUND, STORE])
    assert await first.first("refund not arrived") == "refund"
    second = await opened(store, clock, tmp_path, encoder=OtherEncoder())
    assert await second.first("refund not arrived") == "refund"
    with pytest.raises(WrongEncoder):
        await second.parts.search.search(await first.reader.read("refund not arrived"))
    assert (await second.parts.live.current()).encoder == "another-encoder"


async def test_the_big_index_is_rebuilt_in_the_background_and_answers_the_same(
    sqlite_database: Database, clock: MovableClock, tmp_path: Path
) -> None:
    settings = KnowledgeBaseSettings(index=IndexSettings(rebuild_after=8))
    base = await opened(sqlite_database, clock, tmp_path, settings=settings)
    await base.parts.importing.publish_all([REFUND])
    assert await base.first("refund not arrived") == "refund"
    for content in (STORE, INVOICE):
        made = await base.editing.create(MEI, content)
        await base.editing.publish(MEI, made.id, expected_version=1)
        await base.first("anything")
    await base.parts.live.settled()
    now = await base.parts.live.current()
    assert now.small is None
    assert len(now.big.corpus.articles) == 3
    assert not now.gone
    for question, key in (
        ("refund not arrived", "refund"),
        ("shop address beijing", "store"),
        ("invoice please", "invoice"),
    ):
        assert await base.first(question) == key


async def test_the_confidence_is_fitted_to_the_base_and_used_by_every_process(
    store: Database, clock: MovableClock, tmp_path: Path
) -> None:
    unknown = (UnknownQuestion(text="what is the weather like", language=Language.EN),)
    worker = await opened(store, clock, tmp_path / "a", fits=True, unknown=unknown)
    web = await opened(store, clock, tmp_path / "b")
    await worker.parts.importing.publish_all(MANY)
    await worker.first("kettle please")
    await worker.parts.live.settled()
    fitted = (await worker.parts.live.current()).calibration
    assert fitted.questions > 100
    assert (await web.parts.live.current()).calibration == fitted
    result = await web.parts.search.search(await web.reader.read("tell me of the kettle"))
    assert result.model.endswith(fitted.version)
    assert result.answer_threshold == fitted.thresholds[Language.EN].answer
    assert result.matches[0].key == "many-0"
    again = await opened(store, clock, tmp_path / "a", fits=True, unknown=unknown)
    assert (await again.parts.live.current()).calibration == fitted


async def test_an_article_of_the_other_language_is_found_and_shown_in_its_own(
    sqlite_database: Database, clock: MovableClock, tmp_path: Path
) -> None:
    base = await opened(sqlite_database, clock, tmp_path)
    chinese = draft("warranty", "x").texts[0]
    only_chinese = side(Language.ZH, "warranty 保修多久", "保修期", answer="一年。")
    content = draft("warranty", chinese.title)
    await base.parts.importing.publish_all([REFUND, type(content)(key="warranty", category="c", texts=(only_chinese,))])
    result = await base.parts.search.search(await base.reader.read("how long is the warranty"))
    match = next(match for match in result.matches if match.key == "warranty")
    assert (match.language, match.answer) == (Language.ZH, "一年。")


async def test_an_empty_base_knows_nothing(store: Database, clock: MovableClock, tmp_path: Path) -> None:
    base = await opened(store, clock, tmp_path)
    result = await base.parts.search.search(await base.reader.read("anything"))
    assert (result.level, result.matches, result.choices) == (Level.UNKNOWN, (), ())


@pytest.mark.parametrize("text", ["", " ", "😀", "?", "1", "不", "a" * 2_000, "好" * 2_000, "%_'\"\\", "\u202e"])
async def test_odd_questions_are_searched_without_a_fault(
    sqlite_database: Database, clock: MovableClock, tmp_path: Path, text: str
) -> None:
    base = await opened(sqlite_database, clock, tmp_path)
    await base.parts.importing.publish_all([REFUND, STORE])
    result = await base.parts.search.search(await base.reader.read(text))
    assert all(0 <= match.confidence <= 1 for match in result.matches)


async def test_choices_are_two_or_three_different_articles(
    sqlite_database: Database, clock: MovableClock, tmp_path: Path
) -> None:
    base = await opened(sqlite_database, clock, tmp_path)
    await base.parts.importing.publish_all([REFUND, STORE, INVOICE, draft("twin", REFUND.texts[0].title, "money back")])
    seen = set()
    for question in ("refund", "money back how long", "where", "please send my refund invoice", "bill"):
        result = await base.parts.search.search(await base.reader.read(question))
        seen.add(result.level)
        if result.level is Level.UNSURE:
            assert 2 <= len(result.choices) <= 3
            assert len({choice.title for choice in result.choices}) == len(result.choices)
            assert result.choices[0] == result.matches[0]
        else:
            assert result.choices == ()
    assert Level.UNSURE in seen


async def test_a_reading_without_direction_is_survived(
    sqlite_database: Database, clock: MovableClock, tmp_path: Path
) -> None:
    base = await opened(sqlite_database, clock, tmp_path)
    await base.parts.importing.publish_all([REFUND])
    nothing = Reading(
        text="x",
        normalised="x",
        language=Language.EN,
        vector=np.zeros(base.encoder.dimensions, np.float32),
        encoder=base.encoder.fingerprint,
    )
    assert np.isfinite((await base.parts.search.search(nothing)).matches[0].confidence)
