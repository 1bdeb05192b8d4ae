"""tests: what customers say is wrong with a thing: the marked examples, the counting, and the trained extractor."""

from __future__ import annotations

import re

import pytest

from kit.contracts import Language
from nlu.adapters.evaluation import read_all
from nlu.adapters.faults import count_spans, listed
from nlu.adapters.rasa_client import Breaker, RasaClient
from nlu.normalise import bare
from nlu.ports import Encoder
from nlu.starter_content import Marked, fault_examples, intent_examples
from tests.support.understanding import ServedRasa


def test_every_example_has_its_mark_and_none_is_held_out_as_well() -> None:
    learned, held_out = fault_examples(), fault_examples(held_out=True)
    assert all(row.spans and not re.search(r"[\[\]]", row.text) for row in [*learned, *held_out])
    trained_on = {bare(row.text) for row in learned} | {bare(row.text) for row in intent_examples()}
    assert [row.text for row in held_out if bare(row.text) in trained_on] == []


def test_spans_are_counted_as_equal_as_overlapping_and_as_missed() -> None:
    rows = [Marked(text="冰箱不制冷了", language=Language.ZH, spans=((2, 5),))] * 3
    figures = count_spans(rows, [[(2, 5)], [(2, 6), (0, 1)], []])
    assert (figures.marked, figures.found, figures.exact, figures.overlap) == (3, 3, 1, 2)
    assert figures.exact_f1 == pytest.approx(1 / 3)
    assert figures.overlap_f1 == pytest.approx(2 / 3)


def test_the_list_finds_only_what_it_learned() -> None:
    learned = [Marked(text="门关不上", language=Language.ZH, spans=((1, 4),))]
    asked = [Marked(text=text, language=Language.ZH, spans=()) for text in ("柜子关不上了", "柜子打不开")]
    assert listed(asked, learned) == [[(2, 5)], []]


@pytest.mark.rasa
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我家的冰箱不制冷", [("product", "冰箱"), ("fault", "不制冷")]),
        ("我家冰柜不制冷了 咋办", [("fault", "不制冷")]),
        ("hi, my kettle won't turn on", [("product", "kettle"), ("fault", "won't turn on")]),
        ("发票怎么开", []),
        ("what are your opening hours", []),
    ],
)
async def test_the_model_finds_the_fault_beside_what_the_patterns_find(
    rasa: ServedRasa, encoder: Encoder, text: str, found: list[tuple[str, str]]
) -> None:
    client = RasaClient(rasa.url, rasa.secret, deadline=20.0, breaker=Breaker(1, 0.0), intents=frozenset())
    try:
        _, entities, _ = await client.parse(read_all(encoder, [text])[0])
    finally:
        await client.aclose()
    assert [(e.kind, e.value.removesuffix("了")) for e in entities] == found
