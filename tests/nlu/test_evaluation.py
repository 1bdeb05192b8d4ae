"""nlu: measuring the production pipeline on anybody's data."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nlu.adapters.evaluation import Judged, figures_of, first_two
from nlu.adapters.rasa_process import ROOT
from nlu.adapters.training import config_text, files_of, model_path, starter_files, train
from nlu.contracts import Scored
from nlu.encoder.hashing import HashingEncoder
from nlu.starter_content import Labelled

LAMP = [
    "turn on the lamp",
    "lamp on please",
    "switch the light on",
    "could you light the lamp",
    "lights on",
    "make it bright",
    "light up the room",
]
RAIN = [
    "will it rain today",
    "is rain coming",
    "do i need an umbrella",
    "any rain tomorrow",
    "rain forecast please",
    "how wet will it get",
    "weather rain?",
]
FOOD = [
    "book a table for two",
    "reserve a restaurant",
    "i want dinner at eight",
    "table at the italian place",
    "get us a restaurant",
    "dinner booking",
    "seats for four tonight",
]
NOISE = [
    "who wrote hamlet",
    "what is seven times eight",
    "sing a song for me",
    "how tall is everest",
    "name a prime number",
    "tell me a joke",
    "do fish sleep",
]
ROWS = [
    Labelled(text=t, label=n)
    for n, texts in (("lamp", LAMP), ("rain", RAIN), ("food", FOOD), ("oos", NOISE))
    for t in texts
]
TESTS = [
    Labelled(text="please turn the lamp on", label="lamp"),
    Labelled(text="[is it] going to (rain) /today", label="rain"),
    Labelled(text="/book a table for [three](x)", label="food"),
    Labelled(text="who invented the telephone", label="oos"),
]


@pytest.mark.rasa
@pytest.mark.slow
@pytest.mark.usefixtures("rasa_model")
def test_an_evaluation_trains_serves_asks_and_writes_a_row_for_every_text(tmp_path: Path) -> None:
    rows, tests, out = tmp_path / "t.jsonl", tmp_path / "s.jsonl", tmp_path / "out.json"
    taught = [*ROWS, Labelled(text="Please, turn the lamp on!", label="lamp")]
    for path, content in ((rows, taught), (tests, TESTS)):
        path.write_text(
            "".join(json.dumps({"text": r.text, "label": r.label}) + "\n" for r in content), encoding="utf-8"
        )
    command = [
        sys.executable,
        "-m",
        "nlu",
        "--data-dir",
        str(tmp_path),
        "evaluate",
        "--train",
        str(rows),
        "--test",
        str(tests),
    ]
    command += ["--oos-label", "oos", "--json", str(out)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=500, env=dict(os.environ)
    )
    assert done.returncode == 0, done.stderr
    assert "in_scope_accuracy" in done.stdout
    assert "1 test text(s) also stand in the training file" in done.stderr
    report = json.loads(out.read_text(encoding="utf-8"))
    figures, judged = report["figures"], report["rows"]
    assert [j["text"] for j in judged] == [row.text for row in TESTS]
    assert [j["label"] for j in judged] == ["lamp", "rain", "food", "oos"]
    assert {j["prediction"] for j in judged} <= {"lamp", "rain", "food", "oos"}
    assert all(0 <= j["confidence"] <= 1 and j["second"] and j["milliseconds"] > 0 for j in judged)
    assert (figures["train_rows"], figures["test_rows"], figures["intents"]) == (29, 4, 3)
    assert figures["in_scope_accuracy"] >= 2 / 3
    assert 0 < figures["parse_p50_ms"] <= figures["parse_p95_ms"]
    assert figures["training_seconds"] > 0
    assert list(tmp_path.glob("*.npz")) == []


def judge(label: str, prediction: str) -> Judged:
    return Judged(
        text="x", label=label, prediction=prediction, confidence=1, second="", second_confidence=0, milliseconds=1
    )


def test_the_figures_are_counted_as_their_names_say() -> None:
    judged = [
        judge("a", "a"),
        judge("a", "b"),
        judge("b", "b"),
        judge("b", "oos"),
        judge("oos", "oos"),
        judge("oos", "a"),
    ]
    figures = figures_of(ROWS, judged, "oos", 1.0)
    assert figures.accuracy == 3 / 6
    assert figures.in_scope_accuracy == 2 / 4
    assert figures.oos_recall == 1 / 2
    assert figures.oos_precision == 1 / 2
    assert figures.macro_f1 == pytest.approx((1 / 2 + 1 / 2 + 1 / 2) / 3)


def test_without_an_out_of_scope_label_there_are_no_such_figures() -> None:
    figures = figures_of(ROWS, [judge("a", "a"), judge("b", "a")], "", 1.0)
    assert (figures.oos_recall, figures.oos_precision, figures.in_scope_accuracy) == (None, None, 1 / 2)


def test_unknown_is_the_out_of_scope_label_or_no_answer_in_a_closed_world() -> None:
    ranking = (
        Scored(name="unknown", confidence=0.9),
        Scored(name="a", confidence=0.7),
        Scored(name="b", confidence=0.2),
    )
    assert [s.name for s in first_two(ranking, "oos")] == ["oos", "a"]
    assert [s.name for s in first_two(ranking, "")] == ["a", "b"]
    assert [s.name for s in first_two(ranking[1:2], "")] == ["a", ""]


def test_a_command_with_a_wrong_file_says_what_is_wrong(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text("{}\n", encoding="utf-8")
    command = [sys.executable, "-m", "nlu", "evaluate", "--train", str(wrong), "--test", str(wrong)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "wrong.jsonl, line 1" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_model_is_named_after_all_that_goes_into_it(tmp_path: Path) -> None:
    encoder = HashingEncoder()
    plain = model_path(tmp_path, encoder, starter_files(), config_text())
    assert plain == model_path(tmp_path, encoder, starter_files(), config_text())
    others = {
        model_path(tmp_path, encoder, {**starter_files(), "more.yml": ""}, config_text()),
        model_path(tmp_path, encoder, starter_files(), config_text(outlier="oos")),
        model_path(tmp_path, encoder, files_of(ROWS), config_text()),
    }
    assert len(others) == 3
    assert plain not in others


def test_a_model_that_is_there_is_not_trained_again(tmp_path: Path) -> None:
    path = model_path(tmp_path, HashingEncoder(), files_of(ROWS), config_text())
    path.write_bytes(b"model")
    trained = train(HashingEncoder(), tmp_path, files=files_of(ROWS), config=config_text())
    assert (trained.model, trained.fresh, trained.seconds) == (path, False, 0.0)
    assert path.read_bytes() == b"model"
