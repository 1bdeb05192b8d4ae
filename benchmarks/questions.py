"""benchmarks: what customers write: the held-out paraphrases, each made different so that no cache answers."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HELD_OUT = Path(__file__).parents[1] / "knowledge_base" / "starter" / "evaluation"
BEFORE = {
    "zh": ("", "您好，", "请问", "你好 ", "在吗 ", "麻烦问下，", "亲，", "想问一下 "),
    "en": ("", "hi, ", "hello, ", "quick question: ", "hey ", "excuse me, ", "please, ", "sorry, "),
}
AFTER = {
    "zh": ("", "？", "，谢谢", " 急", "呢", "~", " 谢谢啦", "？？"),
    "en": ("", "?", ", thanks", " please", " asap", "??", ", thank you", "!"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the key of the article that answers it."""

    text: str
    gold: str
    language: str


def held_out() -> list[Question]:
    """The paraphrases that are neither indexed nor trained on, as they stand."""
    rows = [
        json.loads(line)
        for language in ("zh", "en")
        for line in (HELD_OUT / f"held_out_{language}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    return [Question(row["text"], row["gold"], row["language"]) for row in rows]


def endless(*, seed: int) -> Iterator[str]:
    """Question texts without end; 64 different ones of each paraphrase come before any comes again."""
    chance = random.Random(seed)
    questions = held_out()
    ways = list(itertools.product(range(8), range(8)))
    while True:
        chance.shuffle(ways)
        for before, after in ways:
            chance.shuffle(questions)
            for each in questions:
                yield f"{BEFORE[each.language][before]}{each.text}{AFTER[each.language][after]}"
