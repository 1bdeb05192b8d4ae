"""nlu.complaint: the complaint classifier. Rows in, a fitted model out; a reading in, its meaning out. Pure."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nlu.complaint.heads import Head, fit_head, one_thread
from nlu.complaint.rows import LEVELS, WANTS, ComplaintRow
from nlu.complaint.rules import Hit, Rules
from nlu.complaint.words import COUNTS, Words, counts, spoken_words
from nlu.contracts import ComplaintReading, Reading, Scored, Severity, Vector, Vectors
from nlu.normalise import fold
from nlu.settings import ComplaintSettings

VERSION = 2
"""Grows when `fit` answers differently for the same rows."""
SCALE = 10.0
YES, NO = "yes", "no"
HEARD = 0.5
"""Probability from which a wanted outcome is reported."""
CRITICAL_RECALL = 0.97
"""Share of critical complaints, judged by models that had not seen them, that must be found with the rules' help."""
LOWEST_CUT = 0.12
EVIDENCE = 4
EVIDENCE_WORDS = 60


class Damaged(Exception):
    """The kept model cannot be read; it is fitted anew."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """From which probability a complaint is at least serious, and critical."""

    serious: float
    critical: float


class ComplaintModel:
    """Answers all questions about one text in about a millisecond."""

    def __init__(
        self, heads: dict[str, Head], words: Words, mean: Vector, cuts: Cuts, rule_names: tuple[str, ...]
    ) -> None:
        self._heads, self._words, self._mean, self._cuts, self._rule_names = heads, words, mean, cuts, rule_names
        # All heads side by side: one pass over the text answers every question.
        self._dense = np.hstack([head.dense for head in heads.values()])
        self._sparse = np.hstack([head.sparse for head in heads.values()])
        ends = np.cumsum([len(head.classes) for head in heads.values()])
        self._columns = {
            name: slice(int(end) - len(head.classes), int(end))
            for (name, head), end in zip(heads.items(), ends, strict=True)
        }

    @classmethod
    def fit(cls, rows: Sequence[ComplaintRow], vectors: Vectors, rules: Rules) -> ComplaintModel:
        """Fit on `rows` (training rows only) and their vectors. Blocking, about ten seconds."""
        with one_thread():
            return cls._fit(rows, vectors, rules)

    @classmethod
    def _fit(cls, rows: Sequence[ComplaintRow], vectors: Vectors, rules: Rules) -> ComplaintModel:
        folded = [fold(row.text) for row in rows]
        words = Words()
        sparse = words.fit(folded)
        mean: Vector = vectors.mean(axis=0)
        dense = _dense([row.text for row in rows], folded, vectors, mean, rules)
        heads: dict[str, Head] = {}
        heads["complaint"], _ = fit_head(dense, sparse, [YES if row.complaint else NO for row in rows])
        told = np.array([row.complaint and row.detailed for row in rows])
        some = [row for row in rows if row.complaint and row.detailed]
        dense, sparse = dense[told], sparse[told]
        heads["category"], _ = fit_head(dense, sparse, [row.category for row in some])
        heads["mood"], _ = fit_head(dense, sparse, [row.mood for row in some])
        for want in WANTS:
            heads[f"want:{want}"], _ = fit_head(dense, sparse, [YES if want in row.wants else NO for row in some])
        unseen = {}
        for level in LEVELS[1:]:
            labels = [YES if LEVELS.index(row.severity) >= LEVELS.index(level) else NO for row in some]
            heads[f"at_least:{level}"], p = fit_head(dense, sparse, labels)
            unseen[level] = p[:, heads[f"at_least:{level}"].classes.index(YES)]
        cuts = _cuts(some, unseen, rules)
        return cls(heads, words, mean, cuts, rules.names)

    def read(self, reading: Reading, rules: Rules, settings: ComplaintSettings) -> ComplaintReading:
        """What the text says; the rules raise the severity and are never overruled."""
        answers = self._ask(reading, rules)
        hits = rules.hits(reading.normalised)
        probability = answers["complaint"][YES]
        alarmed = bool(hits) and hits[0].severity is Severity.CRITICAL
        is_complaint = probability >= (settings.rule_threshold if alarmed else settings.threshold)
        severity, confidence, rule = self._severity(answers, hits if is_complaint else ())
        categories = _offered(answers["category"], settings.categories)
        wants = [Scored(name=want, confidence=answers[f"want:{want}"][YES]) for want in WANTS]
        mood = max(answers["mood"], key=answers["mood"].__getitem__)
        return ComplaintReading(
            is_complaint=is_complaint,
            confidence=probability,
            categories=categories,
            severity=severity if is_complaint else Severity.NORMAL,
            severity_confidence=confidence,
            rule=rule,
            wants=tuple(sorted((w for w in wants if w.confidence >= HEARD), key=lambda w: -w.confidence)),
            mood=Scored(name=mood, confidence=answers["mood"][mood]),
            evidence=self._evidence(reading.normalised, hits, categories[0].name) if is_complaint else (),
        )

    def _ask(self, reading: Reading, rules: Rules) -> dict[str, dict[str, float]]:
        """Probability of every class of every head."""
        dense = _dense([reading.text], [reading.normalised], reading.vector[None, :], self._mean, rules)
        dense_scores = dense @ self._dense[:-1] + self._dense[-1]
        word_scores = self._words.sums([reading.normalised], self._sparse) + self._sparse[-1]
        made = {}
        for name, head in self._heads.items():
            columns = self._columns[name]
            found = head.probabilities(dense_scores[:, columns], word_scores[:, columns])[0]
            made[name] = dict(zip(head.classes, found.tolist(), strict=True))
        return made

    def _severity(
        self, answers: dict[str, dict[str, float]], hits: Sequence[Hit]
    ) -> tuple[Severity, float, str | None]:
        serious = answers[f"at_least:{Severity.SERIOUS}"][YES]
        critical = min(serious, answers[f"at_least:{Severity.CRITICAL}"][YES])
        learned = severity_of(serious, critical, self._cuts)
        confidence = {Severity.NORMAL: 1 - serious, Severity.SERIOUS: serious - critical, Severity.CRITICAL: critical}
        if hits and LEVELS.index(hits[0].severity) > LEVELS.index(learned):
            return hits[0].severity, 1.0, hits[0].rule
        return learned, confidence[learned], hits[0].rule if hits and hits[0].severity is learned else None

    def _evidence(self, folded: str, hits: Sequence[Hit], category: str) -> tuple[str, ...]:
        """The rules' words first, then the words without which the n-grams would say it less."""
        heard = [word for hit in hits for word in hit.words]
        spans = spoken_words(folded)[:EVIDENCE_WORDS]
        asked = [("complaint", YES), ("category", category), (f"at_least:{Severity.SERIOUS}", YES)]
        columns = [
            self._columns[name].start + self._heads[name].classes.index(answer)
            for name, answer in asked
            if answer in self._heads[name].classes
        ]
        if spans:
            without = [folded[:start] + folded[end:] for start, end in spans]
            said = self._words.sums([folded, *without], self._sparse)[:, columns].sum(axis=1)
            lost = said[0] - said[1:]
            for place in np.argsort(-lost):
                start, end = spans[place]
                if lost[place] > 0 and end - start > 1:
                    heard.append(folded[start:end])
        return _distinct(heard)[:EVIDENCE]

    def save(self, path: Path) -> None:
        """Write the model as arrays with a JSON head; nothing that runs when it is read."""
        vocabularies, idf = self._words.state()
        told = {
            "version": VERSION,
            "words": vocabularies,
            "cuts": [self._cuts.serious, self._cuts.critical],
            "rules": self._rule_names,
            "heads": {
                n: {"classes": h.classes, "weight": h.weight, "sharp": h.sharpness} for n, h in self._heads.items()
            },
        }
        arrays = {"mean": self._mean, "idf0": idf[0], "idf1": idf[1]}
        for name, head in self._heads.items():
            arrays |= {f"{name}/dense": head.dense, f"{name}/sparse": head.sparse}
        with path.open("wb") as file:
            np.savez(file, allow_pickle=False, told=np.array(json.dumps(told, ensure_ascii=False)), **arrays)

    @classmethod
    def load(cls, path: Path) -> ComplaintModel:
        """Raises `Damaged`."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as a:
                told = json.loads(str(a["told"]))
                heads = {
                    name: Head(tuple(h["classes"]), a[f"{name}/dense"], a[f"{name}/sparse"], h["weight"], h["sharp"])
                    for name, h in told["heads"].items()
                }
                words = Words(told["words"], [a["idf0"], a["idf1"]])
                return cls(heads, words, a["mean"], Cuts(*told["cuts"]), tuple(told["rules"]))
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            raise Damaged(path.name) from error


def _offered(found: dict[str, float], offered: Sequence[str]) -> tuple[Scored, ...]:
    """The configured categories, most likely first; a category without labelled examples is never likely."""
    share = sum(found.get(name, 0.0) for name in offered) or 1.0
    made = (Scored(name=name, confidence=found.get(name, 0.0) / share) for name in offered)
    return tuple(sorted(made, key=lambda s: -s.confidence))


def severity_of(serious: float, critical: float, cuts: Cuts) -> Severity:
    """The severity of two cumulative probabilities."""
    if critical >= cuts.critical:
        return Severity.CRITICAL
    return Severity.SERIOUS if serious >= cuts.serious else Severity.NORMAL


def _dense(texts: Sequence[str], folded: Sequence[str], vectors: Vectors, mean: Vector, rules: Rules) -> Vectors:
    """Vector, plain counts and one flag a rule, side by side."""
    names = rules.names
    plain = np.zeros((len(texts), COUNTS + len(names)), np.float32)
    for row, text, flat in zip(plain, texts, folded, strict=True):
        row[:COUNTS] = counts(text)
        for hit in rules.hits(flat):
            row[COUNTS + names.index(hit.rule)] = 1.0
    made: Vectors = np.hstack([(vectors - mean) * SCALE, plain]).astype(np.float32)
    return made


def _cuts(rows: Sequence[ComplaintRow], unseen: dict[Severity, Vectors], rules: Rules) -> Cuts:
    """The cuts with the best weighted kappa among those that find enough of the critical ones."""
    truth = np.array([LEVELS.index(row.severity) for row in rows])
    ruled = np.array([max((LEVELS.index(h.severity) for h in rules.hits(fold(r.text))), default=0) for r in rows])
    serious = unseen[Severity.SERIOUS]
    critical = np.minimum(serious, unseen[Severity.CRITICAL])
    best: tuple[bool, float, Cuts] | None = None
    for upper in np.arange(LOWEST_CUT, 0.61, 0.02):
        for lower in np.arange(0.3, 0.71, 0.02):
            learned = np.where(critical >= upper, 2, np.where(serious >= lower, 1, 0))
            guess = np.maximum(learned, ruled)
            enough = float((guess[truth == len(LEVELS) - 1] == len(LEVELS) - 1).mean()) >= CRITICAL_RECALL
            found = (enough, weighted_kappa(truth, guess), Cuts(float(lower), float(upper)))
            if best is None or found[:2] > best[:2]:
                best = found
    if best is None:
        message = "there are no cuts to choose from"
        raise ValueError(message)
    return best[2]


def weighted_kappa(truth: Vectors, guess: Vectors, levels: int = len(LEVELS)) -> float:
    """Agreement of two ordinal labellings beyond chance, quadratic weights; 1 is perfect."""
    table = np.zeros((levels, levels))
    for one, other in zip(truth.astype(int), guess.astype(int), strict=True):
        table[one, other] += 1
    places = np.arange(levels)
    cost = (places[:, None] - places[None, :]) ** 2
    chance = np.outer(table.sum(axis=1), table.sum(axis=0)) / max(table.sum(), 1)
    expected = float((cost * chance).sum())
    return 1 - float((cost * table).sum()) / expected if expected else 1.0


def _distinct(words: Sequence[str]) -> tuple[str, ...]:
    """`words` in their order without those that stand inside an earlier one."""
    kept: list[str] = []
    for word in words:
        if not any(word in k for k in kept):
            kept.append(word)
    return tuple(kept)
