"""nlu.complaint: the classifier over the real encoder, and what is kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from kit.contracts import Language
from nlu.adapters.build import fitted_folder
from nlu.adapters.complaints import ComplaintClassifier, load_complaints
from nlu.adapters.evaluation import read_all
from nlu.adapters.vectors import kept_vectors
from nlu.complaint.evaluate import ComplaintFigures, figures
from nlu.complaint.model import ComplaintModel, Damaged
from nlu.complaint.rows import ComplaintRow, read_rows
from nlu.complaint.rules import Rules
from nlu.contracts import ComplaintReading, Scored, Severity, TextRole, Vectors
from nlu.encoder.hashing import HashingEncoder
from nlu.ports import Encoder
from nlu.settings import CATEGORIES, ComplaintSettings, SeverityRule


@pytest.fixture(scope="session")
def classifier(encoder: Encoder) -> ComplaintClassifier:
    return load_complaints(encoder, ComplaintSettings(), fitted_folder())


@pytest.fixture(scope="session")
def measured(classifier: ComplaintClassifier, encoder: Encoder) -> dict[Language, ComplaintFigures]:
    """The figures of `python -m nlu evaluate-complaints`."""
    rows = [row for row in read_rows() if row.test]
    readings = [classifier.read(reading) for reading in read_all(encoder, [row.text for row in rows])]
    return {
        language: figures(
            [row for row in rows if row.language is language],
            [reading for row, reading in zip(rows, readings, strict=True) if row.language is language],
        )
        for language in Language
    }


def read(classifier: ComplaintClassifier, encoder: Encoder, text: str) -> ComplaintReading:
    return classifier.read(read_all(encoder, [text])[0])


@pytest.mark.parametrize("language", Language)
def test_unseen_complaints_are_heard_and_weighed(
    measured: dict[Language, ComplaintFigures], language: Language
) -> None:
    """A floor a little below the published figures: a change that breaks something falls through it."""
    found = measured[language]
    assert found.recall >= 0.93
    assert found.precision >= 0.83
    assert (found.severity_kappa or 0) >= 0.75
    assert (found.critical_recall or 0) >= 0.88  # .90 / .97; issue 3 wants .95
    assert (found.category_macro_f1 or 0) >= 0.74  # .77 / .76; issue 3 wants .85
    assert (found.wants_micro_f1 or 0) >= 0.4
    assert (found.mood_accuracy or 0) >= 0.74


@pytest.mark.parametrize("language", Language)
def test_irony_and_politeness_do_not_hide_a_complaint(
    measured: dict[Language, ComplaintFigures], language: Language
) -> None:
    assert (measured[language].ironic_recall or 0) >= 0.7  # of 15 rows a language: one is .07
    assert (measured[language].polite_recall or 0) >= 0.85


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("洗衣机冒烟了！！！", "privacy_safety"),
        ("there's smoke coming out of my heater, i pulled the plug", "privacy_safety"),
    ],
)
def test_a_danger_is_critical_and_says_by_which_rule(
    classifier: ComplaintClassifier, encoder: Encoder, text: str, category: str
) -> None:
    found = read(classifier, encoder, text)
    assert found.is_complaint
    assert found.severity is Severity.CRITICAL
    assert found.rule == "fire"
    assert found.categories[0].name == category
    assert any(word in text.lower() for word in found.evidence)


@pytest.mark.parametrize(
    "text",
    [
        "你好",
        "谢谢",
        "投诉电话多少",
        "怎么申请退款",
        "12315是什么电话",
        "hello",
        "how do i request a refund",
        "what does your complaints department do",
        "great kettle, nothing broken at all",
        "ok",
        "转人工",
        "没有起火",
        "talk to a person please",
        "CJ2611-088213",
    ],
)
def test_what_is_no_complaint_is_left_alone(classifier: ComplaintClassifier, encoder: Encoder, text: str) -> None:
    found = read(classifier, encoder, text)
    assert not found.is_complaint
    assert (found.severity, found.rule, found.evidence) == (Severity.NORMAL, None, ())


@pytest.mark.parametrize(
    "text",
    [
        "修了三次还是漏水，你们到底管不管",
        "third repair and it still leaks. this is a joke",
        "客服态度太差了 直接挂我电话",
        "快递摔坏了 太差劲了",
        "你们家质量真棒，一天就坏了",
        "third repair and it still leaks. refund me",
    ],
)
def test_a_complaint_comes_with_the_words_that_speak_for_it(
    classifier: ComplaintClassifier, encoder: Encoder, text: str
) -> None:
    found = read(classifier, encoder, text)
    assert found.is_complaint
    told = (found.evidence, found.categories[0].words, found.mood.words if found.mood else ())
    assert all(told)
    assert all(word in text.lower() for words in told for word in words)
    assert found.categories[1].confidence >= 0.1 or not found.categories[1].words
    assert [c.name for c in found.categories] != list(CATEGORIES)
    assert sum(c.confidence for c in found.categories) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("text", ["", "😀", "长" * 2_000, "a b " * 500, "\\", "!!!!!!!!", "１２３４５"])
def test_any_text_gets_a_reading(classifier: ComplaintClassifier, encoder: Encoder, text: str) -> None:
    found = read(classifier, encoder, text)
    assert 0 <= found.confidence <= 1
    assert {c.name for c in found.categories} == set(CATEGORIES)


# --- the model itself, on a few rows and without the real encoder -----------------------------------------------------

SETTINGS = ComplaintSettings(
    categories=("delivery", "product_quality", "brand_new"),
    rules=(SeverityRule(name="fire", severity=Severity.CRITICAL, words=("smoke",)),),
)


def few_rows() -> list[ComplaintRow]:
    """Twenty-four training rows in which every class of every question occurs."""
    rows = []
    wants = ("refund", "replacement", "repair", "apology", "explanation", "compensation")
    moods = ("calm", "upset", "angry", "desperate", "ironic", "calm")
    for number in range(24):
        late = number % 2 == 0
        level = (Severity.NORMAL, Severity.SERIOUS, Severity.CRITICAL)[number % 3]
        words = {"normal": "a bit", "serious": "third time very", "critical": "smoke danger"}[level]
        thing = "parcel late courier" if late else "kettle broken lid"
        rows.append(
            ComplaintRow(
                text=f"{words} {thing} number {number} {wants[number % 6]} {moods[number % 6]}",
                language=Language.EN,
                complaint=True,
                category="delivery" if late else "product_quality",
                severity=level,
                wants=(wants[number % 6],),
                mood=moods[number % 6],
            )
        )
        rows.append(ComplaintRow(text=f"how do i do thing {number}", language=Language.EN, complaint=False))
    return rows


@pytest.fixture(scope="session")
def small() -> ComplaintModel:
    rows = few_rows()
    return ComplaintModel.fit(rows, kept_of(rows), Rules(SETTINGS.rules))


def kept_of(rows: list[ComplaintRow]) -> np.ndarray:
    from nlu.contracts import TextRole  # noqa: PLC0415 - only here

    return HashingEncoder().encode([row.text for row in rows], TextRole.QUERY)


def test_a_rule_wins_upwards_and_never_downwards(small: ComplaintModel) -> None:
    rules = Rules(SETTINGS.rules)
    milder = Rules((SeverityRule(name="late", severity=Severity.SERIOUS, words=("danger",)),))
    (reading,) = read_all(HashingEncoder(), ["smoke danger parcel late courier number 3"])
    assert small.read(reading, rules, SETTINGS).severity is Severity.CRITICAL
    assert small.read(reading, milder, SETTINGS).severity is Severity.CRITICAL
    (calm,) = read_all(HashingEncoder(), ["a bit parcel late courier smoke"])
    raised = small.read(calm, rules, SETTINGS)
    assert (raised.severity, raised.rule, raised.severity_confidence) == (Severity.CRITICAL, "fire", 1.0)


def test_a_kept_model_answers_as_the_fitted_one(small: ComplaintModel, tmp_path: Path) -> None:
    small.save(tmp_path / "model.npz")
    again = ComplaintModel.load(tmp_path / "model.npz")
    rules = Rules(SETTINGS.rules)
    for reading in read_all(HashingEncoder(), [row.text for row in few_rows()]):
        assert again.read(reading, rules, SETTINGS) == small.read(reading, rules, SETTINGS)


def test_a_category_without_examples_is_offered_and_never_likely(small: ComplaintModel) -> None:
    (reading,) = read_all(HashingEncoder(), ["a bit parcel late courier"])
    found = small.read(reading, Rules(SETTINGS.rules), SETTINGS)
    assert found.categories[0].name == "delivery"
    assert found.categories[-1] == Scored(name="brand_new", confidence=0.0)


@pytest.mark.parametrize("damage", [b"", b"not a zip", None])
def test_a_damaged_file_is_noticed(small: ComplaintModel, tmp_path: Path, damage: bytes | None) -> None:
    path = tmp_path / "model.npz"
    small.save(path)
    path.write_bytes(path.read_bytes()[:1_000] if damage is None else damage)
    with pytest.raises(Damaged):
        ComplaintModel.load(path)


def test_kept_vectors_are_made_once_and_again_when_damaged(tmp_path: Path) -> None:
    class Counting(HashingEncoder):
        calls = 0

        def encode(self, texts: Sequence[str], role: TextRole) -> Vectors:
            self.calls += 1
            return super().encode(texts, role)

    encoder = Counting()
    first = kept_vectors(encoder, ["a", "bb", "c"], tmp_path)
    assert (kept_vectors(encoder, ["a", "bb", "c"], tmp_path) == first).all()
    assert encoder.calls == 1
    (path,) = tmp_path.glob("*.npz")
    path.write_bytes(path.read_bytes()[:40])
    assert (kept_vectors(encoder, ["a", "bb", "c"], tmp_path) == first).all()
    assert encoder.calls == 2


def test_two_processes_may_keep_the_same_vectors_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: kept_vectors(HashingEncoder(), ["a", "b"], tmp_path), range(8)))
    assert all((vectors == made[0]).all() for vectors in made)
    assert len(list(tmp_path.iterdir())) == 1


def test_between_the_thresholds_a_complaint_is_only_suspected_unless_it_is_critical(
    classifier: ComplaintClassifier, encoder: Encoder
) -> None:
    model = load_complaints(encoder, ComplaintSettings(sure=1.0), fitted_folder())
    found = {text: read(model, encoder, text) for text in ("快递摔坏了 太差劲了", "洗衣机冒烟了！！！", "谢谢")}
    assert [(each.is_complaint, each.suspected) for each in found.values()] == [
        (True, True),
        (True, False),
        (False, False),
    ]
    assert not read(classifier, encoder, "快递摔坏了 太差劲了").suspected
