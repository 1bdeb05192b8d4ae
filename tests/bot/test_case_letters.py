"""tests: what the cases room tells a customer arrives in their conversation, in their language, once."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.case_letters import CaseLetters
from bot.contracts import EntryKind
from bot.render import Wording
from cases.contracts import Letter
from cases.contracts.surveys import Asked
from kit.contracts import Language
from tests.bot.support.desk import Parts
from tests.support.clock import START

NUMBER = "TS2611-000001"


@pytest.fixture
def letters(parts: Parts) -> CaseLetters:
    wording = Wording(texts=parts.texts, categories={}, zone=ZoneInfo("Asia/Shanghai"))
    return CaseLetters(store=parts.store, wording=wording, signals=parts.signals)


@pytest.mark.parametrize(
    ("language", "words"),
    [(Language.ZH, "我们最迟明天 8:30 联系您"), (Language.EN, "hear from us by tomorrow at 8:30")],
)
async def test_a_letter_is_written_once_whoever_sends_it_again(
    parts: Parts, letters: CaseLetters, language: Language, words: str
) -> None:
    conversation = await parts.database.write(
        lambda tx: parts.store.open(tx, channel="telegram", address="7", customer_name="", language=language, at=START)
    )
    until = START + timedelta(hours=22.5)
    letter = Letter(key="case:1:2", code="acknowledged", slots={"number": NUMBER, "words": "", "until": until})
    for _ in range(2):
        await parts.database.write(lambda tx: letters.tell(tx, conversation.id, letter, at=START))
    [entry] = await parts.store.entries(conversation.id)
    assert (entry.kind, entry.language) == (EntryKind.BOT, language)
    assert NUMBER in entry.text
    assert words in entry.text
    assert len(await parts.outbox.heads(START, channels=frozenset({"telegram"}), limit=9)) == 1


async def test_a_decision_comes_with_its_buttons(parts: Parts, letters: CaseLetters) -> None:
    conversation = await parts.database.write(
        lambda tx: parts.store.open(tx, channel="widget", address="v", customer_name="", language=Language.ZH, at=START)
    )
    slots = {"number": NUMBER, "words": "换新机 {x} <b>"}
    letter = Letter(key="k", code="decided", slots=slots, choices=("confirm", "object"))
    await parts.database.write(lambda tx: letters.tell(tx, conversation.id, letter, at=START))
    [entry] = await parts.store.entries(conversation.id)
    assert "换新机 {x} <b>" in entry.text
    assert entry.payload["choices"] == [
        {"id": f"case:confirm:{NUMBER}", "label": "已解决"},
        {"id": f"case:object:{NUMBER}", "label": "不认可"},
    ]


async def test_a_conversation_that_is_gone_is_no_fault(parts: Parts, letters: CaseLetters) -> None:
    letter = Letter(key="k", code="silence", slots={"number": NUMBER, "words": ""})
    await parts.database.write(lambda tx: letters.tell(tx, "gone", letter, at=START))


@pytest.mark.parametrize(
    ("language", "words"), [(Language.ZH, "也可以在一个页面上回答"), (Language.EN, "Or answer on one page")]
)
async def test_a_survey_comes_with_the_address_of_its_page_once(parts: Parts, language: Language, words: str) -> None:
    wording = Wording(texts=parts.texts, categories={}, zone=ZoneInfo("Asia/Shanghai"))
    letters = CaseLetters(
        store=parts.store,
        wording=wording,
        signals=parts.signals,
        survey_address=lambda name: f"https://d.example/{name}",
    )
    conversation = await parts.database.write(
        lambda tx: parts.store.open(tx, channel="telegram", address="7", customer_name="", language=language, at=START)
    )
    asked = Asked(key="survey:S1", words={Language.ZH: "满意吗", Language.EN: "Well?"}, buttons=(), survey_id="S1")
    for _ in range(2):
        await parts.database.write(lambda tx: letters.ask_survey(tx, conversation.id, asked, at=START))
    [entry] = await parts.store.entries(conversation.id)
    assert words in entry.text
    assert entry.text.endswith("https://d.example/S1")
