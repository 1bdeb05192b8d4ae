"""nlu: reading and interpreting, whatever the intent service does."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from kit.contracts import Language
from nlu.contracts import UNKNOWN, ComplaintReading, Entity, Reading, Scored, Severity, Source, TextRole, Vectors
from nlu.encoder.hashing import HashingEncoder
from nlu.ports import IntentsUnavailable
from nlu.service import NO_OPINION, Nlu

CALM = ComplaintReading(
    is_complaint=False, confidence=0.1, categories=(Scored(name="other", confidence=1.0),), severity=Severity.NORMAL,
    severity_confidence=0.9, rule=None,
)  # fmt: skip
Parse = tuple[tuple[Scored, ...], tuple[Entity, ...], str]


class Scripted:
    """An intent service that answers or raises what it is told to."""

    def __init__(self, outcome: Parse | Exception) -> None:
        self.outcome = outcome
        self.asked = 0

    async def parse(self, reading: Reading) -> Parse:
        self.asked += 1
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


class Complaints:
    def __init__(self, fault: Exception | None = None) -> None:
        self._fault = fault

    def read(self, reading: Reading) -> ComplaintReading:
        if self._fault:
            raise self._fault
        return CALM


class Counting(HashingEncoder):
    """Counts what is encoded."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str], role: TextRole) -> Vectors:
        self.texts += texts
        return super().encode(texts, role)


RASA: Parse = ((Scored(name="refund_progress", confidence=0.9),), (), "model-1")
STAND_IN: Parse = ((Scored(name="greet", confidence=0.6),), (), "stand-in")


def build(
    executor: ThreadPoolExecutor, rasa: Parse | Exception | None, *, complaints: Complaints | None = None
) -> tuple[Nlu, Counting, Scripted]:
    encoder, stand_in = Counting(), Scripted(STAND_IN)
    nlu = Nlu(
        encoder=encoder,
        intents=None if rasa is None else Scripted(rasa),
        stand_in=stand_in,
        complaints=complaints or Complaints(),
        executor=executor,
    )
    return nlu, encoder, stand_in


async def test_a_message_is_encoded_exactly_once(executor: ThreadPoolExecutor) -> None:
    nlu, encoder, _ = build(executor, RASA)
    reading = await nlu.read("我的退款呢", previous=Language.EN)
    await nlu.interpret(reading)
    assert encoder.texts == ["我的退款呢"]
    assert reading.language is Language.ZH
    assert reading.encoder == encoder.fingerprint


async def test_the_service_answers_while_it_can(executor: ThreadPoolExecutor) -> None:
    nlu, _, stand_in = build(executor, RASA)
    understanding = await nlu.interpret(await nlu.read("退款", previous=Language.ZH))
    assert (understanding.intent.name, understanding.source, understanding.model) == (
        "refund_progress",
        Source.RASA,
        "model-1",
    )
    assert stand_in.asked == 0


@pytest.mark.parametrize("fault", [IntentsUnavailable("down"), RuntimeError("a bug"), ValueError("nonsense")])
async def test_the_stand_in_answers_when_the_service_cannot(executor: ThreadPoolExecutor, fault: Exception) -> None:
    nlu, _, _ = build(executor, fault)
    understanding = await nlu.interpret(await nlu.read("退款", previous=Language.ZH))
    assert (understanding.intent.name, understanding.source) == ("greet", Source.STAND_IN)


async def test_a_desk_without_rasa_understands_by_the_stand_in(executor: ThreadPoolExecutor) -> None:
    nlu, _, _ = build(executor, None)
    assert (await nlu.interpret(await nlu.read("hi", previous=Language.EN))).source is Source.STAND_IN


async def test_a_fault_of_the_complaint_classifier_costs_its_opinion_only(executor: ThreadPoolExecutor) -> None:
    nlu, _, _ = build(executor, RASA, complaints=Complaints(RuntimeError("a bug")))
    understanding = await nlu.interpret(await nlu.read("退款", previous=Language.ZH))
    assert understanding.complaint == NO_OPINION
    assert understanding.intent.name == "refund_progress"


@pytest.mark.parametrize("text", ["", "   ", "\u0000\u200b", "\ud800"])
async def test_a_text_of_which_nothing_is_left_is_unknown(executor: ThreadPoolExecutor, text: str) -> None:
    nlu, _, _ = build(executor, RASA)
    understanding = await nlu.interpret(await nlu.read(text, previous=Language.EN))
    assert understanding.intent.name == UNKNOWN
    assert understanding.intents == ()
    assert not understanding.wants_person
    assert not understanding.complaint.is_complaint
    assert understanding.reading.language is Language.EN


class ByWord:
    """An intent service that knows two words."""

    async def parse(self, reading: Reading) -> Parse:
        named = [name for word, name in (("退款", "refund_progress"), ("坏", "repair_request")) if word in reading.text]
        return tuple(Scored(name=name, confidence=0.95 / place) for place, name in enumerate(named, 1)), (), "by-word"


async def test_two_matters_in_one_message_are_two_intents_with_their_places(executor: ThreadPoolExecutor) -> None:
    encoder = Counting()
    nlu = Nlu(encoder=encoder, intents=ByWord(), stand_in=ByWord(), complaints=Complaints(), executor=executor)
    reading = await nlu.read("东西坏了，还要多久退款", previous=Language.ZH)
    understanding = await nlu.interpret(reading)
    assert [(s.name, reading.text[s.start : s.end]) for s in understanding.intents] == [
        ("repair_request", "东西坏了"),
        ("refund_progress", "还要多久退款"),
    ]
    assert understanding.intent.name == "refund_progress"


async def test_one_matter_is_one_intent_over_the_whole_text(executor: ThreadPoolExecutor) -> None:
    nlu, _, _ = build(executor, RASA)
    reading = await nlu.read("我的退款呢，怎么还没到", previous=Language.ZH)
    understanding = await nlu.interpret(reading)
    assert [(s.name, s.start, s.end) for s in understanding.intents] == [("refund_progress", 0, len(reading.text))]


async def test_a_fault_while_reading_the_clauses_costs_only_them(executor: ThreadPoolExecutor) -> None:
    nlu, encoder, _ = build(executor, RASA)
    reading = await nlu.read("东西坏了，还要多久退款", previous=Language.ZH)

    def broken(texts: Sequence[str], role: TextRole) -> Vectors:
        raise RuntimeError("a bug")

    encoder.encode = broken  # type: ignore[method-assign]
    assert [s.name for s in (await nlu.interpret(reading)).intents] == ["refund_progress"]


async def test_asking_for_a_person_needs_no_intent(executor: ThreadPoolExecutor) -> None:
    nlu, _, _ = build(executor, IntentsUnavailable("down"))
    assert (await nlu.interpret(await nlu.read("转人工", previous=Language.ZH))).wants_person
