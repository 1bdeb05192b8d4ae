"""tests: what agents are suggested comes from the bot's own search; what they look up says whom it is for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from bot.desk_articles import DeskArticles
from handoff.contracts import Agent
from handoff.contracts import FlagReason as DeskReason
from kit.contracts import Language
from kit.markdown import to_html
from knowledge_base.contracts import Attachment, Audience, Flag, FlagReason, Level
from tests.bot.support.scripted import article
from tests.bot.support.stand_ins import Search, Understand


@dataclass(slots=True)
class Inbox:
    """The editors' inbox, which keeps what it is told."""

    told: list[tuple[str, Language, FlagReason, str, str]] = field(default_factory=list)

    async def raise_flag(
        self, article_id: str, *, language: Language, reason: FlagReason, words: str, by_id: str, by: str
    ) -> Flag:
        self.told.append((article_id, language, reason, words, by))
        return Flag(
            id="flag",
            article_id=article_id,
            language=language,
            reason=reason,
            words=words,
            at=datetime(2026, 11, 22, tzinfo=UTC),
            by_id=by_id,
            by=by,
        )


def articles_over(search: Search) -> DeskArticles:
    return DeskArticles(reads=Understand(), search=search, flags=Inbox())


@pytest.mark.parametrize(
    ("level", "titles"),
    [
        (Level.SURE, ["title of one"]),
        (Level.UNSURE, ["title of one", "title of two"]),
        (Level.UNKNOWN, []),
    ],
)
async def test_what_the_bot_would_answer_or_offer_is_suggested_as_plain_text(level: Level, titles: list[str]) -> None:
    search = Search()
    search.know("退货", level, article("one"), article("two"))
    suggested = await articles_over(search).suggest("退货", Language.ZH)
    assert [one.title for one in suggested] == titles
    assert all("*" not in one.text for one in suggested)


@pytest.mark.parametrize(("text", "language"), [("转人工", Language.ZH), ("talk to a person", Language.EN)])
async def test_nothing_is_suggested_for_the_wish_for_a_person(text: str, language: Language) -> None:
    search = Search()
    search.know(text, Level.UNSURE, article("hours"))
    assert await articles_over(search).suggest(text, language) == ()


async def test_what_is_looked_up_says_whether_it_is_for_staff_only() -> None:
    search = Search()
    inside = replace(article("inside"), audience=Audience.AGENTS)
    search.know("退货", Level.UNKNOWN, inside, article("outside"))
    found = await articles_over(search).look_up("退货", Language.ZH)
    assert [(one.title, one.staff_only) for one in found] == [("title of inside", True), ("title of outside", False)]
    assert (found[0].answer, found[0].text) == ("**answer** of inside", "answer of inside")


@pytest.mark.parametrize("reason", DeskReason)
async def test_editors_are_told_every_reason_the_desk_has(reason: DeskReason) -> None:
    inbox, ann = Inbox(), Agent(id="a1", name="Ann")
    articles = DeskArticles(reads=Understand(), search=Search(), flags=inbox)
    await articles.flag("one", ann, Language.EN, reason=reason, words="Now 14 days.")
    assert inbox.told == [("one", Language.EN, FlagReason(reason.value), "Now 14 days.", "Ann")]


@pytest.mark.parametrize(
    ("public_url", "sent"), [("", ""), ("https://h.example", "\n📎 a_b.pdf https://h.example{at}")]
)
async def test_files_of_an_answer_are_links_and_sent_as_such_where_customers_can_follow(
    public_url: str, sent: str
) -> None:
    search, file = Search(), Attachment(id="a" * 64, name="a_b.pdf")
    search.know("退货", Level.SURE, replace(article("one"), attachments=(file,)))
    articles = DeskArticles(reads=Understand(), search=search, flags=Inbox(), public_url=public_url)
    (found,) = await articles.look_up("退货", Language.ZH)
    assert f'<a href="{file.address}"' in to_html(found.answer)
    assert ">a_b.pdf</a>" in to_html(found.answer)
    assert found.text == "answer of one" + sent.format(at=file.address)
    (suggested,) = await articles.suggest("退货", Language.ZH)
    assert suggested.text == found.text
