"""nlu.complaint: the complaint classifier. Rows in, a fitted model out; a reading in, its meaning out. Pure."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from nlu.complaint.evidence import Evidence, distinct
from nlu.complaint.features import TOPIC_STEP, Features, dense_of, nearness, plain_of
from nlu.complaint.heads import Head, Question, choose, fit_heads, one_thread
from nlu.complaint.rows import LEVELS, WANTS, ComplaintRow
from nlu.complaint.rules import Hit, Rules
from nlu.complaint.severity import Cuts, choose_cuts, severity_of
from nlu.complaint.topics import topic_counts
from nlu.complaint.words import Words
from nlu.contracts import ComplaintReading, Reading, Scored, Severity, Vector, Vectors
from nlu.normalise import fold
from nlu.settings import ComplaintSettings

VERSION = 4
"""Grows when `fit` answers differently for the same rows."""
YES, NO = "yes", "no"
HEARD = 0.5
"""Probability from which a wanted outcome is reported."""
DOUBT = 3.0
"""How much less than a labelled row a category guessed from an intent is trusted."""
TAUGHT = 0.25
"""How much less a correction is doubted than a single row: two people agreed on it."""
MOST_ROWS = 8_000
"""Most rows of one fit: its cost grows with their cube. Beyond, a random part is taken (`kept_rows`)."""
MOST_TAUGHT = 4_000
"""Of these, corrections at most; the newest stay."""
EVIDENCE = 4
"""Most words told of one matter."""
TOLD = 0.1
"""Confidence from which a category comes with its words."""
Answers = dict[str, dict[str, float]]


class Damaged(Exception):
    """The kept model cannot be read; it is fitted anew."""


class ComplaintModel:
    """Answers all questions about one text in about a millisecond."""

    def __init__(self, heads: Mapping[str, Head], words: Words, mean: Vector, rows: Vectors, cuts: Cuts) -> None:
        """`rows` are the dense features of the training texts, to which the heads' first tables refer."""
        self._heads, self._words, self._mean, self._rows, self._cuts = dict(heads), words, mean, rows, cuts
        # All heads side by side: one pass over the text answers every question.
        self._near = np.hstack([head.rows for head in heads.values()])
        self._grams = np.hstack([head.grams for head in heads.values()])
        self._plain = np.hstack([head.plain for head in heads.values()])
        ends = np.cumsum([len(head.classes) for head in heads.values()])
        self._columns = {
            name: slice(int(end) - len(head.classes), int(end))
            for (name, head), end in zip(heads.items(), ends, strict=True)
        }
        self._topics = topic_counts([""]).shape[1]

    @classmethod
    def fit(cls, rows: Sequence[ComplaintRow], vectors: Vectors, rules: Rules) -> ComplaintModel:
        """Fit on `rows` (training rows only) and their vectors. Blocking, about ten seconds."""
        with one_thread():
            return cls._fit(rows, vectors, rules)

    @classmethod
    def _fit(cls, rows: Sequence[ComplaintRow], vectors: Vectors, rules: Rules) -> ComplaintModel:
        kept = kept_rows(rows)
        if len(kept) < len(rows):
            rows, vectors = [rows[at] for at in kept], vectors[kept]
        folded = [fold(row.text) for row in rows]
        words = Words()
        mean: Vector = vectors.mean(axis=0)
        dense = dense_of(vectors, mean)
        features = Features(dense, words.fit(folded), plain_of([row.text for row in rows], folded))
        questions = _questions(rows)
        if not questions:
            raise ValueError("the rows have no labels to learn from")
        choice = choose(features, questions.get("category") or next(iter(questions.values())))
        heads, unseen = fit_heads(features, questions, choice)
        return cls(heads, words, mean, dense, _cuts(rows, folded, heads, unseen, rules))

    def read(self, reading: Reading, rules: Rules, settings: ComplaintSettings) -> ComplaintReading:
        """What the text says; the rules raise the severity and are never overruled."""
        found = self._words.values(reading.normalised)
        answers = self._ask(reading, found)
        hits = rules.hits(reading.normalised)
        probability = answers["complaint"].get(YES, 0.0) if "complaint" in answers else 1.0
        alarmed = bool(hits) and hits[0].severity is Severity.CRITICAL
        is_complaint = probability >= (settings.rule_threshold if alarmed else settings.threshold)
        if not is_complaint:
            return self._no_complaint(answers, settings, probability)
        evidence = Evidence(
            reading.normalised, self._words, found, self._grams, self._plain[-self._topics :] * TOPIC_STEP
        )

        def behind(question: str, answer: str) -> tuple[str, ...]:
            head = self._heads.get(question)
            if head is None or answer not in head.classes:
                return ()
            return evidence.words(self._columns[question].start + head.classes.index(answer))

        severity, confidence, rule = self._severity(answers, hits)
        categories = [
            replace(category, words=behind("category", category.name)) if category.confidence >= TOLD else category
            for category in _offered(answers.get("category", {}), settings.categories)
        ]
        wants = [
            Scored(name=want, confidence=p, words=behind(f"want:{want}", YES))
            for want in WANTS
            if (p := answers.get(f"want:{want}", {}).get(YES, 0.0)) >= HEARD
        ]
        mood = _likeliest(answers.get("mood", {}))
        ruled = [word for hit in hits for word in hit.words]
        severe = distinct([*ruled, *behind(f"at_least:{Severity.SERIOUS}", YES)])[:EVIDENCE]
        primary = categories[0].words if categories else ()
        return ComplaintReading(
            is_complaint=True,
            confidence=probability,
            categories=tuple(categories),
            severity=severity,
            severity_confidence=confidence,
            rule=rule,
            severity_words=severe if severity is not Severity.NORMAL else (),
            wants=tuple(sorted(wants, key=lambda want: -want.confidence)),
            mood=None if mood is None else replace(mood, words=behind("mood", mood.name)),
            evidence=distinct([*ruled, *behind("complaint", YES), *primary, *severe])[:EVIDENCE],
            suspected=probability < settings.sure and severity is not Severity.CRITICAL,
        )

    def _no_complaint(self, answers: Answers, settings: ComplaintSettings, probability: float) -> ComplaintReading:
        _, confidence, _ = self._severity(answers, ())
        return ComplaintReading(
            is_complaint=False,
            confidence=probability,
            categories=_offered(answers.get("category", {}), settings.categories),
            severity=Severity.NORMAL,
            severity_confidence=confidence,
            rule=None,
            mood=_likeliest(answers.get("mood", {})),
        )

    def _ask(self, reading: Reading, found: tuple[np.ndarray, Vectors]) -> Answers:
        """Probability of every class of every head."""
        near = nearness(np.vecdot(self._rows, dense_of(reading.vector[None, :], self._mean)[0])[None, :])
        scores = near @ self._near + plain_of([reading.text], [reading.normalised]) @ self._plain
        columns, values = found
        scores += values @ self._grams[columns]
        made = {}
        for name, head in self._heads.items():
            p = head.probabilities(scores[:, self._columns[name]])[0]
            made[name] = dict(zip(head.classes, p.tolist(), strict=True))
        return made

    def _severity(self, answers: Answers, hits: Sequence[Hit]) -> tuple[Severity, float, str | None]:
        serious, critical = (answers.get(f"at_least:{level}", {}).get(YES, 0.0) for level in LEVELS[1:])
        critical = min(serious, critical)
        learned = severity_of(serious, critical, self._cuts)
        confidence = {Severity.NORMAL: 1 - serious, Severity.SERIOUS: serious - critical, Severity.CRITICAL: critical}
        if hits and LEVELS.index(hits[0].severity) > LEVELS.index(learned):
            return hits[0].severity, 1.0, hits[0].rule
        return learned, confidence[learned], hits[0].rule if hits and hits[0].severity is learned else None

    def save(self, path: Path) -> None:
        """Write the model as arrays with a JSON head; nothing that runs when it is read."""
        vocabularies, idf = self._words.state()
        told = {
            "version": VERSION,
            "words": vocabularies,
            "cuts": [self._cuts.serious, self._cuts.critical],
            "heads": {name: {"classes": h.classes, "sharp": h.sharpness} for name, h in self._heads.items()},
        }
        arrays = {"mean": self._mean, "rows": self._rows, "idf0": idf[0], "idf1": idf[1]}
        for name, head in self._heads.items():
            parts = {"rows": head.rows, "grams": head.grams, "plain": head.plain, "bias": head.bias}
            arrays |= {f"{name}/{part}": table for part, table in parts.items()}
        with path.open("wb") as file:
            np.savez(file, allow_pickle=False, told=np.array(json.dumps(told, ensure_ascii=False)), **arrays)

    @classmethod
    def load(cls, path: Path) -> ComplaintModel:
        """Raises `Damaged`."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as a:
                told = json.loads(str(a["told"]))
                heads = {
                    name: Head(
                        classes=tuple(h["classes"]), rows=a[f"{name}/rows"], grams=a[f"{name}/grams"],
                        plain=a[f"{name}/plain"], sharpness=h["sharp"], bias=a[f"{name}/bias"],
                    )
                    for name, h in told["heads"].items()
                }  # fmt: skip
                words = Words(told["words"], [a["idf0"], a["idf1"]])
                return cls(heads, words, a["mean"], a["rows"], Cuts(*told["cuts"]))
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            raise Damaged(path.name) from error


def kept_rows(rows: Sequence[ComplaintRow]) -> list[int]:
    """Which rows one fit learns from, in their order: all, or every correction and a random part of the others."""
    if len(rows) <= MOST_ROWS:
        return list(range(len(rows)))
    taught = [at for at, row in enumerate(rows) if row.taught][-MOST_TAUGHT:]
    others = np.array([at for at, row in enumerate(rows) if not row.taught])
    chosen = np.random.default_rng(VERSION).permutation(len(others))[: MOST_ROWS - len(taught)]
    return sorted([*taught, *others[chosen].tolist()])


def _questions(rows: Sequence[ComplaintRow]) -> dict[str, Question]:
    """What the rows can teach; a question nobody labelled is not asked."""
    # Without corrections the doubt is left out: questions about the same rows then share one factorisation.
    doubt = [TAUGHT if row.taught else 1.0 for row in rows] if any(row.taught for row in rows) else None
    asked = {
        "complaint": Question([None if row.complaint is None else _yes(row.complaint) for row in rows], doubt),
        "category": Question(
            [row.category or row.topic or None for row in rows],
            [(TAUGHT if row.taught else 1.0) if row.category else DOUBT for row in rows],
        ),
        "mood": Question([row.mood or None for row in rows]),
    }
    for want in WANTS:
        asked[f"want:{want}"] = Question([None if row.wants is None else _yes(want in row.wants) for row in rows])
    for place, level in enumerate(LEVELS[1:], 1):
        found = [None if row.severity is None else _yes(LEVELS.index(row.severity) >= place) for row in rows]
        asked[f"at_least:{level}"] = Question(found, doubt)
    return {name: question for name, question in asked.items() if any(question.labels)}


def _yes(so: bool) -> str:  # noqa: FBT001 - the one thing it is about
    return YES if so else NO


def _cuts(
    rows: Sequence[ComplaintRow],
    folded: Sequence[str],
    heads: Mapping[str, Head],
    unseen: Mapping[str, Vectors],
    rules: Rules,
) -> Cuts:
    some = [at for at, row in enumerate(rows) if row.severity is not None]
    if not some:
        return Cuts()
    ruled = [max((LEVELS.index(hit.severity) for hit in rules.hits(folded[at])), default=0) for at in some]
    truth = [LEVELS.index(rows[at].severity or Severity.NORMAL) for at in some]
    serious, critical = (_yes_column(heads[name], unseen[name])[some] for name in map("at_least:{}".format, LEVELS[1:]))
    return choose_cuts(np.array(truth), serious, np.minimum(serious, critical), np.array(ruled))


def _yes_column(head: Head, probabilities: Vectors) -> Vectors:
    if YES not in head.classes:
        return np.zeros(len(probabilities), np.float32)
    made: Vectors = probabilities[:, head.classes.index(YES)]
    return made


def _offered(found: Mapping[str, float], offered: Sequence[str]) -> tuple[Scored, ...]:
    """The configured categories, most likely first; a category without labelled examples is never likely."""
    share = sum(found.get(name, 0.0) for name in offered) or 1.0
    made = (Scored(name=name, confidence=found.get(name, 0.0) / share) for name in offered)
    return tuple(sorted(made, key=lambda s: -s.confidence))


def _likeliest(found: Mapping[str, float]) -> Scored | None:
    if not found:
        return None
    name = max(found, key=found.__getitem__)
    return Scored(name=name, confidence=found[name])
