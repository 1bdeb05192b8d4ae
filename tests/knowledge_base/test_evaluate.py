"""Promises of the evaluation: anybody's rows, the production search, figures that can be checked by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kit.contracts import Language
from knowledge_base.adapters.neighbours import FaissBuilder
from knowledge_base.cli import calibrate, evaluate
from knowledge_base.contracts import Level
from knowledge_base.encoding import WordingEncoder
from knowledge_base.evaluation.metrics import Judged, auroc, curve, figures
from knowledge_base.evaluation.rows import Asked, RowsFault, read_faqs, read_questions
from knowledge_base.evaluation.run import Bench
from knowledge_base.settings import KnowledgeBaseSettings
from nlu.encoder.hashing import HashingEncoder
from nlu.service import detect_language, fold
from tests.knowledge_base.test_live_base import MANY


@pytest.fixture
def bench() -> Bench:
    settings = KnowledgeBaseSettings()
    return Bench(
        encoder=WordingEncoder(HashingEncoder()),
        normalise=fold,
        builder=FaissBuilder(settings.index),
        settings=settings,
    )


def written(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def faqs(tmp_path: Path) -> Path:
    rows = [
        {"id": d.key, "question": d.texts[0].title, "variants": list(d.texts[0].questions), "answer": "An answer."}
        for d in MANY
    ]
    return written(tmp_path / "faqs.jsonl", *rows)


@pytest.fixture
def queries(tmp_path: Path) -> Path:
    known = [
        {"text": f"please tell me about the {d.texts[0].questions[0].split()[0]}", "gold": d.key, "group": "easy"}
        for d in MANY
    ]
    return written(tmp_path / "queries.jsonl", *known, {"text": "zzz qqq", "gold": None, "group": "far"})


@pytest.mark.parametrize("with_dev", [False, True])
def test_a_run_reports_every_figure_and_every_row(
    bench: Bench, faqs: Path, queries: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, with_dev: bool
) -> None:
    out = tmp_path / "out.json"
    evaluate(bench, detect_language, faqs=faqs, queries=queries, dev=queries if with_dev else None, out=out)
    made: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    assert set(made["groups"]) == {"all", "easy", "far"}
    every = made["groups"]["all"]
    assert (every["questions"], every["with_gold"]) == (31, 30)
    assert every["top1"] >= 0.9
    assert every["recall5"] >= every["top1"]
    assert 0 <= every["mrr10"] <= 1
    assert made["groups"]["far"]["top1"] is None
    assert made["latency"]["p95_ms"] >= made["latency"]["p50_ms"] > 0
    rows = made["rows"]
    assert [row["gold"] for row in rows] == [*(d.key for d in MANY), None]
    for row in rows:
        assert len(row["best"]) == len(set(row["best"])) == 10
        assert 0 <= row["confidence"] <= 1
        assert row["decision"] in {"answer", "clarify", "unknown"}
    top1 = sum(row["best"][0] == row["gold"] for row in rows if row["gold"]) / 30
    assert top1 == pytest.approx(every["top1"])
    printed = capsys.readouterr().out
    assert "search p50" in printed
    assert "coverage" in printed


def test_the_trade_is_shown_with_the_points_in_use(
    bench: Bench, faqs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calibrate(bench, detect_language, faqs=faqs, dev=None)
    printed = capsys.readouterr().out
    assert "all languages, " in printed
    assert "en, " in printed
    assert printed.count("wanted precision") == 2  # nothing is asked in Chinese here
    assert "in use for zh" in printed
    assert "in use for en" in printed


def test_every_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "faqs.jsonl"
    path.write_text(
        '{"id": 1, "question": "ok"}\nnot json\n[1]\n{"id": 2}\n{"id": 3, "question": "x", "variants": 5}\n'
    )
    with pytest.raises(RowsFault) as fault:
        read_faqs(path, detect_language)
    for line in (2, 3, 4, 5):
        assert f"faqs.jsonl:{line}: " in str(fault.value)
    assert ":1:" not in str(fault.value)
    path.write_text('{"text": "a", "gold": "nobody"}\n{"text": 5, "gold": null}\n{"text": "b"}\n')
    with pytest.raises(RowsFault) as fault:
        read_questions(path, detect_language, ["1"])
    assert "'nobody'" in str(fault.value)
    assert "faqs.jsonl:2:" in str(fault.value)
    assert "faqs.jsonl:3:" in str(fault.value)


def test_a_text_may_hold_what_python_takes_for_the_end_of_a_line(tmp_path: Path) -> None:
    path = tmp_path / "queries.jsonl"
    path.write_text('{"text": "a\u2028b\x85c", "gold": null}\r\n', encoding="utf-8")
    (asked,) = read_questions(path, detect_language, ["1"])
    assert asked.text == "a\u2028b\x85c"


def test_a_file_that_is_not_utf8_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "queries.jsonl"
    path.write_bytes('{"text": "退货", "gold": null}'.encode("gbk"))
    with pytest.raises(RowsFault, match=r"queries\.jsonl: must be UTF-8"):
        read_questions(path, detect_language, ["1"])


def test_rows_of_one_id_are_sides_of_one_article_and_language_is_found(tmp_path: Path) -> None:
    path = written(
        tmp_path / "faqs.jsonl",
        {"id": 7, "question": "怎么退货", "variants": ["能退不", "怎么退货"]},
        {"id": "7", "question": "How do I return it?", "answer": "Like **this**.", "language": "en"},
    )
    (faq,) = read_faqs(path, detect_language)
    assert [(wording.language, str(wording.role)) for wording in faq.wordings] == [
        (Language.ZH, "question"),
        (Language.ZH, "question"),
        (Language.EN, "question"),
        (Language.EN, "answer"),
    ]
    assert faq.wordings[-1].text == "How do I return it?\nLike this."


def judged(gold: str | None, best: str, confidence: float, level: Level) -> Judged:
    asked = Asked(text="x", gold=gold, group="g", language=Language.EN)
    return Judged(asked=asked, best=(best, "other"), confidence=confidence, level=level, milliseconds=1.0)


def test_figures_are_those_worked_out_by_hand() -> None:
    rows = [
        judged("a", "a", 0.9, Level.SURE),
        judged("b", "x", 0.8, Level.SURE),
        judged("other", "x", 0.4, Level.UNSURE),
        judged(None, "x", 0.5, Level.UNSURE),
    ]
    made = figures(rows)
    assert made.top1 == pytest.approx(1 / 3)
    assert made.recall5 == pytest.approx(2 / 3)
    assert made.mrr10 == pytest.approx((1 + 0 + 1 / 2) / 3)
    assert made.auroc == pytest.approx(2 / 3)
    assert made.precision == pytest.approx(1 / 2)
    assert made.coverage == pytest.approx(2 / 3)
    assert (made.answered, made.clarified) == (0.5, 0.5)
    (point,) = curve(rows, [0.85])
    assert point.precision == 1.0
    assert point.coverage == pytest.approx(1 / 3)


def test_ties_count_half_and_nothing_is_no_fault() -> None:
    assert auroc([0.5], [0.5]) == 0.5
    assert auroc([], [0.5]) is None
    assert figures([]).top1 is None
