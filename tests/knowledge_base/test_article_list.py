"""tests: the editors' list finds any part of a word and counts right, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kit.contracts import Language, Tx
from kit.ids import new_id
from kit.sql import Database
from knowledge_base.adapters.article_store import SqlArticleStore
from knowledge_base.contracts import (
    Article,
    ArticleFilter,
    ArticlePage,
    ArticleStatus,
    Audience,
    Change,
    Details,
    Draft,
    Matter,
    Schedule,
)
from knowledge_base.terms import read_words, terms_of
from tests.support.articles import side
from tests.support.clock import MovableClock


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", set()),
        ("?! %", set()),
        ("fund", {"fund", "und", "nd", "d"}),
        ("七天退款", {"七天退", "天退款", "退款", "款"}),
        ("4g卡", {"4g", "g", "卡"}),
        ("a_b", {"a", "b"}),
    ],
)
def test_runs_are_kept_under_their_endings_and_chinese_in_threes(text: str, terms: set[str]) -> None:
    assert set(terms_of(text)) == terms


@pytest.mark.parametrize(
    ("word", "terms", "exact"),
    [
        ("fund", ("fund",), True),
        ("退", ("退",), True),
        ("无理由退货", ("无理由", "理由退", "由退货"), False),
        ("e-mail", ("e", "mail"), False),
        ("electroencephalograph", ("electroencephalo", "lectroencephalog"), False),
        ("%", (), False),
    ],
)
def test_a_word_says_whether_its_terms_are_enough(word: str, terms: tuple[str, ...], *, exact: bool) -> None:
    (asked,) = read_words(word.upper())
    assert (asked.terms[: len(terms)], asked.exact) == (terms, exact)


def test_every_part_of_a_kept_run_begins_one_of_its_terms() -> None:
    text = "electroencephalograph七天无理由退货4gб"
    kept = terms_of(text)
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            (asked,) = read_words(text[start:end])
            assert all(any(term.startswith(each) for term in kept) for each in asked.terms), text[start:end]


class Shelf:
    """A store with articles that a test writes in one line each."""

    def __init__(self, database: Database, clock: MovableClock) -> None:
        self.database, self.clock, self.store = database, clock, SqlArticleStore(database)

    async def write(self, key: str, title: str, *, answer: str = "-", **more: object) -> Article:
        """Create an article."""
        draft = Draft(key=key, category="a", texts=(replace(side(Language.EN, title), answer=answer),))
        draft = replace(draft, **more)  # type: ignore[arg-type]
        self.clock.forward(seconds=1)

        async def work(tx: Tx) -> Article | None:
            made = Change.CREATED
            return await self.store.create(tx, article_id=new_id(), draft=draft, change=made, at=self.clock(), by="Mei")

        made = await self.database.write(work)
        assert made is not None
        return made

    async def save(self, article: Article, draft: Draft) -> Article:
        """Store the next version."""
        saved = await self.database.write(
            lambda tx: self.store.save(
                tx,
                article_id=article.id,
                expected_version=article.version,
                draft=draft,
                change=Change.SAVED,
                status=ArticleStatus.IN_REVIEW,
                at=self.clock(),
                by="Mei",
            )
        )
        assert saved is not None
        return saved

    async def page(self, words: str = "", *, offset: int = 0, limit: int = 50, **chosen: object) -> ArticlePage:
        """The list."""
        wanted = ArticleFilter(words=words, **chosen)  # type: ignore[arg-type]
        return await self.store.list(wanted, now=self.clock(), offset=offset, limit=limit)

    async def keys(self, words: str, **chosen: object) -> list[str]:
        """The keys of the list, after a look at its total."""
        page = await self.page(words, **chosen)  # type: ignore[arg-type]
        assert page.total == len(page.lines)
        return [line.key for line in page.lines]


@pytest.fixture
def shelf(database: Database, clock: MovableClock) -> Shelf:
    """Without articles yet."""
    return Shelf(database, clock)


async def test_any_part_of_a_word_is_found_in_every_script(shelf: Shelf) -> None:
    await shelf.write("chinese", "七天无理由退货怎么办", answer="全额退款，运费由买家承担。")
    await shelf.write("english", "Where is my REFUND?", answer="Write to service@old.example.com, 50% off")
    await shelf.write("long", "Electroencephalographically", answer="Ünïcode д")
    found = {
        "退": ["chinese"],
        "退款": ["chinese"],
        "无理由": ["chinese"],
        "无理由退货怎么办": ["chinese"],
        "货退": [],
        "由理无": [],
        "理由退款": [],
        "fund": ["english"],
        "REFUND my": ["english"],
        "old.example.com": ["english"],
        "old.example.org": [],
        "e.c": ["english"],
        "50%": ["english"],
        "%": ["english"],
        "encephalographical": ["long"],
        "electroencephalographicallyy": [],
        "ünï": ["long"],
        "Д": ["long"],
        "退款 refund": [],
        "'": [],
        '"退款"': [],
        "english": ["english"],
    }
    for words, keys in found.items():
        assert await shelf.keys(words) == keys, words


async def test_words_of_a_title_come_first_over_all_pages(shelf: Shelf) -> None:
    for number in range(4):
        await shelf.write(f"answer-{number}", "Something", answer="about a kettle")
        await shelf.write(f"title-{number}", f"Kettle {number}")
    keys = []
    for offset in range(0, 9, 3):
        page = await shelf.page("kettle", offset=offset, limit=3)
        assert page.total == 8
        keys += [line.key for line in page.lines]
    assert keys == [*(f"title-{n}" for n in (3, 2, 1, 0)), *(f"answer-{n}" for n in (3, 2, 1, 0))]


async def test_what_was_rewritten_is_found_by_its_new_words_alone(shelf: Shelf) -> None:
    article = await shelf.write("one", "Old kettle", answer="茶壶")
    await shelf.save(article, replace(article.content, texts=(side(Language.EN, "New teapot"),)))
    assert await shelf.keys("kettle") == await shelf.keys("茶") == []
    assert await shelf.keys("teapot") == await shelf.keys("teapot", status=ArticleStatus.IN_REVIEW) == ["one"]
    assert await shelf.keys("teapot", status=ArticleStatus.DRAFT) == []


async def test_figures_follow_every_change(shelf: Shelf) -> None:
    both = (side(Language.ZH, "茶"), side(Language.EN, "Tea"))
    plain = await shelf.write("plain", "", category="a/b", texts=both)
    agents = await shelf.write("agents", "For us", category="ab", details=Details(audience=Audience.AGENTS))
    old = await shelf.write("old", "Review me", details=Details(review_on=shelf.clock().date()))
    await shelf.save(plain, replace(plain.content, texts=(both[0], side(Language.EN, "Green tea"))))
    waiting = Schedule(version=1, at=shelf.clock() + timedelta(days=1), by="Mei", account_id="")
    for article, version in ((agents, 1), (old, 1)):
        await shelf.database.write(
            lambda tx, article=article, version=version: shelf.store.set_schedule(  # type: ignore[misc]
                tx, article_id=article.id, expected_version=version, schedule=waiting
            )
        )
    page = await shelf.page()
    assert {matter: count for matter, count in page.matters if count} == {
        Matter.TRANSLATE: 3,
        Matter.OUT_OF_DATE: 1,
        Matter.REVIEW: 1,
        Matter.SCHEDULED: 2,
        Matter.AGENTS: 1,
    }
    assert dict(page.statuses)[ArticleStatus.DRAFT] == 2
    assert page.categories == ("a", "a/b", "ab")
    for matter, count in page.matters:
        listed = await shelf.page(matter=matter)
        assert (listed.total, len(listed.lines)) == (count, count), matter
    assert await shelf.keys("", category="a") == ["old", "plain"]
    assert await shelf.keys("", category="ab", status=ArticleStatus.DRAFT) == ["agents"]
    deleted_at = shelf.clock()
    await shelf.database.write(
        lambda tx: shelf.store.set_deleted(tx, article_id=old.id, expected_version=1, at=deleted_at, by="Mei")
    )
    page = await shelf.page()
    assert (page.total, page.categories, dict(page.matters)[Matter.REVIEW]) == (2, ("a/b", "ab"), 0)
    assert await shelf.keys("", deleted=True) == await shelf.keys("review", deleted=True) == ["old"]
