"""contracts: what every intent service promises, the real Rasa and the stand-in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.settings.conversation import DialogueSettings
from kit.contracts import Language
from nlu.adapters.build import build_stand_in
from nlu.adapters.rasa_client import Breaker, RasaClient
from nlu.clauses import split_clauses
from nlu.contracts import UNKNOWN, ComplaintReading, Reading, TextRole
from nlu.language import HAN, detect_language
from nlu.normalise import clean, fold
from nlu.ports import Encoder, IntentService
from nlu.service import NO_OPINION, Nlu
from nlu.starter_content import HELD_OUT, OUTLIER, intent_examples, read_rows, several_intents
from tests.support.understanding import ServedRasa

KNOWN = {UNKNOWN, *(e.label for e in intent_examples())}


@pytest.fixture(params=[pytest.param("rasa", marks=pytest.mark.rasa), "stand-in"])
async def intents(request: pytest.FixtureRequest, encoder: Encoder) -> AsyncIterator[IntentService]:
    if request.param == "stand-in":
        yield build_stand_in(encoder)
        return
    served: ServedRasa = request.getfixturevalue("rasa")
    client = RasaClient(served.url, served.secret, deadline=10, breaker=Breaker(99, 1), intents=frozenset(KNOWN))
    yield client
    await client.aclose()


@pytest.fixture
def least_right(request: pytest.FixtureRequest) -> float:
    """Share of the held-out questions that must be understood; the stand-in may be weaker."""
    return 0.67 if "rasa" in request.node.callspec.id else 0.63


@pytest.fixture
def least_both(request: pytest.FixtureRequest) -> float:
    """Share of the messages with two intents of which both must be named, and nothing else."""
    return 0.6 if "rasa" in request.node.callspec.id else 0.2


def read(encoder: Encoder, text: str) -> Reading:
    kept = clean(text)
    return Reading(
        text=kept,
        normalised=fold(kept),
        language=detect_language(kept, Language.ZH),
        vector=encoder.encode([fold(kept) or " "], TextRole.QUERY)[0],
        encoder=encoder.fingerprint,
    )


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("你好", "greet"),
        ("我的退款到哪了", "refund_progress"),
        ("转人工", "talk_to_person"),
        ("where's my refund", "refund_progress"),
        ("tuikuan dao na le", "refund_progress"),
    ],
)
async def test_plain_questions_are_understood(intents: IntentService, encoder: Encoder, text: str, intent: str) -> None:
    ranking, _, model = await intents.parse(read(encoder, text))
    assert ranking[0].name == intent
    assert model


@pytest.mark.parametrize(
    "text",
    [
        "你好",
        "/restart",
        '/greet{"a": 1}',
        "/",
        "😀",
        "长" * 2_000,
        "a" * 2_000,
        "[x](y)",
        '{"a": [1, 2]}',
        "NaN",
        "\\n",
        "🧨" * 500,
    ],
)
async def test_any_text_gets_a_ranking_of_known_intents(intents: IntentService, encoder: Encoder, text: str) -> None:
    ranking, entities, _ = await intents.parse(read(encoder, text))
    assert ranking
    assert {scored.name for scored in ranking} <= KNOWN
    assert all(0 <= scored.confidence <= 1 for scored in ranking)
    kept = clean(text)
    assert all(kept[e.start : e.end] == e.value for e in entities)


@pytest.mark.parametrize(
    "text", ["/restart", "/greet", '/greet{"name": "x"}', "/intent{...}", " /goodbye", "/session_start"]
)
async def test_a_command_is_just_text(intents: IntentService, encoder: Encoder, text: str) -> None:
    """Rasa by itself takes `/greet` for the intent greet with confidence 1."""
    ranking, _, _ = await intents.parse(read(encoder, text))
    assert ranking[0].confidence < 1.0
    assert {"restart", "session_start"}.isdisjoint(scored.name for scored in ranking)


async def test_order_number_phone_and_product_are_found(intents: IntentService, encoder: Encoder) -> None:
    text = "洗衣机坏了 订单CJ2611-088213 电话13812345678"
    _, entities, _ = await intents.parse(read(encoder, text))
    shaped = [(e.kind, e.value) for e in entities if e.kind != "fault"]  # what only a trained model hears is extra
    assert shaped == [
        ("product", "洗衣机"),
        ("order_number", "CJ2611-088213"),
        ("phone", "13812345678"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "写一首关于春天的诗",
        "今天上证指数多少点",
        "what is the capital of france",
        "solve x squared minus 4 equals zero",
    ],
)
async def test_what_no_shop_is_asked_is_in_no_strong_intent(
    intents: IntentService, encoder: Encoder, text: str
) -> None:
    ranking, _, _ = await intents.parse(read(encoder, text))
    assert ranking[0].name in {UNKNOWN, "small_talk"} or ranking[0].confidence < 0.6


@pytest.mark.rasa
@pytest.mark.parametrize("text", ["推荐一部电影", "周末去哪玩", "can you recommend a good movie"])
async def test_a_served_model_calls_far_off_what_the_bot_takes_for_far_off(
    rasa: ServedRasa, encoder: Encoder, text: str
) -> None:
    client = RasaClient(rasa.url, rasa.secret, deadline=10, breaker=Breaker(99, 1), intents=frozenset(KNOWN))
    ranking, _, _ = await client.parse(read(encoder, text))
    await client.aclose()
    assert ranking[0].name == UNKNOWN
    assert ranking[0].confidence >= DialogueSettings().small_talk_confidence


@pytest.mark.parametrize("chinese", [True, False])
async def test_held_out_questions_are_understood(
    intents: IntentService,
    encoder: Encoder,
    *,
    chinese: bool,
    least_right: float,
) -> None:
    rows = [row for row in read_rows(HELD_OUT) if row.label != OUTLIER and bool(HAN.search(row.text)) is chinese]
    right = 0
    for row in rows:
        ranking, _, _ = await intents.parse(read(encoder, row.text))
        right += next(s.name for s in ranking if s.name != UNKNOWN) == row.label
    assert right / len(rows) >= least_right


class NoComplaints:
    def read(self, reading: Reading) -> ComplaintReading:
        return NO_OPINION


@pytest.mark.parametrize("chinese", [True, False])
async def test_messages_that_want_two_things_say_so_and_others_do_not(
    intents: IntentService,
    encoder: Encoder,
    executor: ThreadPoolExecutor,
    *,
    chinese: bool,
    least_both: float,
) -> None:
    nlu = Nlu(encoder=encoder, intents=intents, stand_in=intents, complaints=NoComplaints(), executor=executor)

    async def named(text: str) -> set[str]:
        understanding = await nlu.interpret(await nlu.read(text, previous=Language.ZH))
        assert all(0 <= span.start < span.end <= len(text) for span in understanding.intents)
        return {span.name for span in understanding.intents}

    rows = [row for row in several_intents() if bool(HAN.search(row.text)) is chinese]
    both = [await named(row.text) == set(row.intents) for row in rows]
    assert sum(both) / len(both) >= least_both
    single = [r.text for r in read_rows(HELD_OUT) if bool(HAN.search(r.text)) is chinese and split_clauses(r.text)]
    cut = [len(await named(text)) > 1 for text in single]
    assert sum(cut) / len(cut) <= 0.125
