"""nlu: versions of the model: what may be published, what a rollback reaches, what stays on the disk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from nlu.adapters.cli import Versions, current
from nlu.adapters.model_folder import SERVED, file_hash
from nlu.adapters.training import code_hash, model_path, starter_files
from nlu.encoder.hashing import HashingEncoder
from nlu.settings import NluSettings
from nlu.starter_content import Labelled
from nlu.versions import Card, Publication, Refused, Scores, find_losses, served_by, table

SCORES = Scores(
    held_out="h", rows=400, accuracy=0.8, accuracy_zh=0.8, accuracy_en=0.8, oos_recall=0.6, parse_p95_ms=2.0
)
AT = "2026-11-21T08:00:00+00:00"


def names(*lines: str) -> tuple[str, ...]:
    return served_by([Publication(model=line.lstrip("<"), at=AT, back=line.startswith("<")) for line in lines])


@pytest.mark.parametrize(
    ("lines", "stack"),
    [
        ((), ()),
        (("a",), ("a",)),
        (("a", "b"), ("b", "a")),
        (("a", "b", "<a"), ("a",)),
        (("a", "b", "c", "<b", "<a"), ("a",)),
        (("a", "b", "<a", "c"), ("c", "a")),
        (("a", "a", "b"), ("b", "a")),
    ],
)
def test_what_is_served_follows_from_the_list(lines: tuple[str, ...], stack: tuple[str, ...]) -> None:
    assert names(*lines) == stack


@pytest.mark.parametrize(
    ("changes", "losses"),
    [
        ({}, ()),
        ({"accuracy": 0.9}, ()),
        ({"accuracy": 0.799}, ("accuracy",)),
        ({"accuracy_zh": 0.79, "accuracy_en": 0.81}, ()),
        ({"accuracy_zh": 0.77, "accuracy_en": 0.9}, ("accuracy_zh",)),
        ({"oos_recall": 0.5, "accuracy": 0.81}, ("oos_recall",)),
        ({"oos_recall": None}, ()),
        ({"parse_p95_ms": 9.0}, ()),
    ],
)
def test_what_a_version_may_not_lose(changes: dict[str, float | None], losses: tuple[str, ...]) -> None:
    assert find_losses(SCORES, replace(SCORES, **changes)) == losses  # type: ignore[arg-type]


def test_the_table_marks_what_is_lost() -> None:
    worse = replace(SCORES, accuracy=0.7)
    line = next(each for each in table(("old", SCORES), ("new", worse), ("accuracy",)).splitlines() if "-0.1" in each)
    assert line.split()[0] == "accuracy"
    assert line.endswith("worse")


class Desk(Versions):
    """Versions without Rasa: training writes a file, scores are what the test says."""

    def __init__(self, folder: Path, told: dict[str, Scores], approved: Sequence[Labelled] = ()) -> None:
        super().__init__(NluSettings(), folder, lambda: list(approved))
        self._encoder = HashingEncoder()
        self.told = told
        self.next = "nlu-a"

    def train(self) -> str:
        self.add(self.next)
        return self.next

    def add(self, name: str, *, code: str = "") -> None:
        path = self.folder.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
        at = f"{AT}{len(self.folder.names())}"
        card = Card(
            name=name, made_at=at, encoder=self.encoder.fingerprint, code=code or code_hash(), examples=1, approved=0,
            sha256=file_hash(path),
        )  # fmt: skip
        self.folder.keep_card(card)

    def scores(self, name: str) -> Scores:
        return self.told[name]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path, {"nlu-a": SCORES, "nlu-b": replace(SCORES, accuracy=0.9), "nlu-c": SCORES})
    for name in "abc":
        made.add(f"nlu-{name}")
    return made


def test_a_better_version_is_published_and_the_table_shown(desk: Desk) -> None:
    assert desk.folder.served() is None
    desk.publish("nlu-a")
    assert "+0.1000" in desk.publish("nlu-b")
    assert desk.folder.served() == "nlu-b"


def test_a_worse_version_is_refused_with_the_table(desk: Desk) -> None:
    desk.publish("nlu-b")
    with pytest.raises(Refused, match=r"(?s)worse than nlu-b.*accuracy +0\.9000 +0\.8000 .*worse"):
        desk.publish("nlu-c")
    assert desk.folder.served() == "nlu-b"


def test_force_overrules_and_the_reason_is_kept(desk: Desk) -> None:
    desk.publish("nlu-b")
    desk.publish("nlu-c", force=True, reason="new shop")
    assert desk.folder.served() == "nlu-c"
    line = desk.folder.history()[-1]
    assert (line.forced, line.reason) == (True, "new shop")


def test_a_rollback_serves_the_one_before_and_no_further_than_there_is(desk: Desk) -> None:
    desk.publish("nlu-a")
    desk.publish("nlu-b")
    assert desk.folder.roll_back(at=AT) == "nlu-a"
    assert desk.folder.served() == "nlu-a"
    with pytest.raises(Refused, match="no other version"):
        desk.folder.roll_back(at=AT)


def test_a_damaged_or_unknown_version_is_not_published(desk: Desk) -> None:
    desk.folder.path("nlu-a").write_bytes(b"torn")
    with pytest.raises(Refused, match="damaged"):
        desk.publish("nlu-a")
    with pytest.raises(Refused, match="no version nlu-z"):
        desk.folder.publish("nlu-z", at=AT)


def test_a_damaged_list_is_named(desk: Desk) -> None:
    desk.publish("nlu-a")
    (desk.folder.folder / SERVED).write_text("{")
    with pytest.raises(Refused, match=SERVED):
        desk.folder.served()


def test_cards_and_scores_are_written_once(desk: Desk) -> None:
    desk.folder.keep_scores("nlu-a", SCORES)
    desk.folder.keep_scores("nlu-a", replace(SCORES, accuracy=0.1))
    assert desk.folder.scores("nlu-a", "h") == SCORES
    assert desk.folder.scores("nlu-a", "another set") is None
    before = desk.folder.card("nlu-a")
    desk.add("nlu-a", code="other")
    assert desk.folder.card("nlu-a") == before


def test_the_file_says_what_is_served_to_whoever_watches(desk: Desk) -> None:
    desk.publish("nlu-a")
    assert json.loads((desk.folder.folder / SERVED).read_text())["served"] == "nlu-a"


def test_the_first_start_trains_and_publishes(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {})
    assert current(desk) == desk.folder.path("nlu-a")
    assert desk.folder.served() == "nlu-a"


def test_a_start_leaves_a_rollback_alone(desk: Desk) -> None:
    desk.publish("nlu-a")
    desk.publish("nlu-b")
    desk.folder.roll_back(at=AT)
    desk.next = "nlu-b"
    assert current(desk) == desk.folder.path("nlu-a")


def test_a_start_with_new_examples_publishes_the_version_unless_it_is_worse(desk: Desk) -> None:
    desk.publish("nlu-a")
    desk.next, desk.told["nlu-new"] = "nlu-new", replace(SCORES, accuracy=0.5)
    assert current(desk) == desk.folder.path("nlu-a")
    desk.next, desk.told["nlu-newer"] = "nlu-newer", SCORES
    assert current(desk) == desk.folder.path("nlu-newer")


def test_a_served_version_of_another_installation_is_replaced(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {})
    desk.add("nlu-old", code="before the upgrade")
    desk.folder.publish("nlu-old", at=AT)
    assert current(desk) == desk.folder.path("nlu-a")
    assert "another" in desk.folder.history()[-1].reason


def test_approved_examples_are_learned_and_measured_questions_never(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {}, [Labelled(text="啥时候到", label="delivery_time")])
    measured = desk.held_out[0]
    spoiled = Desk(tmp_path, {}, [Labelled(text=f"{measured.text}！！", label=measured.label), *desk.learnable()])
    assert [row.text for row in spoiled.learnable()] == ["啥时候到"]
    assert "啥时候到" in starter_files(spoiled.learnable())["approved.json"]
    encoder = HashingEncoder()
    names = {model_path(tmp_path, encoder, starter_files(rows), "") for rows in ((), desk.learnable())}
    assert len(names) == 2
