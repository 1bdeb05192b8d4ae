"""nlu.rasa: the whole intent model: ranker and scope together, made from examples, kept as arrays and JSON. No Rasa."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar

from components.ranker import LARGEST, Examples, Fitted, Ranker, Setting, choose, fit
from components.scope import Scope, View, softmax
from components.words import Words

SEED = 7
CHOICE_ROWS = 2_000
"""Examples that choose the setting; more would only take longer."""
JUDGED_ROWS = 2_500
"""Examples whose unseen scores teach the confidences; whole intents are taken."""


@dataclass
class IntentModelData:
    """Ranks the intents of a message and says whether it is in scope."""

    ranker: Ranker
    scope: Scope

    @classmethod
    def fit(
        cls,
        vectors: np.ndarray,
        texts: list[str],
        labels: list[str],
        *,
        outlier: str = "",
        wrongly_refused: float = 0.002,
    ) -> IntentModelData:
        """`outlier` names the intent whose examples are out of scope ("" or an absent one for none)."""
        names = np.array(labels, dtype=str)
        if len(set(names) - {outlier}) < 2:
            raise ValueError("at least two intents beside the outlier intent are needed")
        everything = _part(vectors, texts, names, LARGEST)
        setting = choose(Examples.of(*_part(vectors, texts, names, CHOICE_ROWS)))
        intents, picked = _judged(everything[2], outlier)
        fitted = fit(Examples.of(*everything), setting, picked)
        ranker = fitted.ranker
        none = np.zeros(0)
        scope = Scope(ranker.labels.index(outlier) if outlier in ranker.labels else -1, 1.0, none, none, none, 0.0, 0.0)
        home = ranker.owner[picked] != scope.outlier
        unseen = fitted.without_self()
        scope.sharpness = _sharpness(scope.inside(unseen)[home], ranker.owner[picked][home])
        cosines = ranker.rows[picked] @ ranker.rows.T
        cosines[np.arange(len(picked)), picked] = -2.0
        signs = scope.signs(View(unseen, cosines), ranker.owner)
        scope.learn(signs[home], np.vstack([signs[~home], *_strange_signs(fitted, scope, intents)]))
        harder, blind = fitted.without_likes()
        right = scope.inside(harder).argmax(axis=1) == ranker.owner[picked]
        scope.place_cut(scope.signs(View(harder, blind), ranker.owner)[home & right], wrongly_refused)
        return cls(ranker, scope)

    def rank(self, vectors: np.ndarray, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """(probabilities of `labels`, probability of being in scope with .5 at the cut)."""
        scores, cosines = self.ranker.scores(vectors, texts)
        odds = self.scope.odds(self.scope.signs(View(scores, cosines), self.ranker.owner))
        return self.scope.probabilities(scores), 1 / (1 + np.exp(-np.clip(odds, -30, 30)))

    @property
    def labels(self) -> list[str]:
        """The intents in the order of the probabilities; the outlier intent is among them and never likely."""
        return self.ranker.labels

    def save(self, folder: Path) -> None:
        """Write arrays and JSON; nothing that runs when it is read."""
        r, s = self.ranker, self.scope
        words, idf = r.words.state()
        told = {
            "labels": r.labels, "setting": asdict(r.setting), "words": words if r.grams is not None else None,
            "outlier": s.outlier, "sharpness": s.sharpness, "bias": s.bias, "cut": s.cut,
        }  # fmt: skip
        (folder / "intents.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        arrays = {"mean": r.mean, "rows": r.rows, "owner": r.owner, "weights": r.weights,
                  "signs": s.weights, "centre": s.centre, "spread": s.spread}  # fmt: skip
        if r.grams is not None:
            arrays |= {"grams": r.grams, "idf0": idf[0], "idf1": idf[1]}
        np.savez(folder / "intents.npz", **arrays)

    @classmethod
    def load(cls, folder: Path) -> IntentModelData:
        told = json.loads((folder / "intents.json").read_text(encoding="utf-8"))
        with np.load(folder / "intents.npz", allow_pickle=False) as a:
            words = Words(told["words"], [a["idf0"], a["idf1"]]) if told["words"] else Words()
            grams = a["grams"] if told["words"] else None
            ranker = Ranker(
                told["labels"], a["mean"], a["rows"], a["owner"], a["weights"], words, grams, Setting(**told["setting"])
            )
            scope = Scope(
                told["outlier"], told["sharpness"], a["signs"], a["centre"], a["spread"], told["bias"], told["cut"]
            )
        return cls(ranker, scope)


def _judged(names: np.ndarray, outlier: str) -> tuple[list[str], np.ndarray]:
    """(intents, places of their examples): all of them, or a random part of whole intents where there are very many."""
    intents = np.random.default_rng(SEED).permutation(sorted(set(names) - {outlier}))
    sizes = np.cumsum([(names == intent).sum() for intent in intents])
    kept = intents[: max(2, int(np.searchsorted(sizes, JUDGED_ROWS)) + 1)]
    return [str(intent) for intent in kept], np.flatnonzero(np.isin(names, [*kept, outlier]))


def _part(
    vectors: np.ndarray, texts: list[str], names: np.ndarray, at_most: int
) -> tuple[np.ndarray, list[str], np.ndarray]:
    """A random part of the examples where there are more than `at_most`."""
    if len(names) <= at_most:
        return vectors, texts, names
    picked = np.sort(np.random.default_rng(SEED).choice(len(names), at_most, replace=False))
    return vectors[picked], [texts[i] for i in picked], names[picked]


def _strange_signs(fitted: Fitted, scope: Scope, intents: list[str]) -> list[np.ndarray]:
    """Signs of each intent's examples as they would be if nobody had thought of the intent."""
    ranker, made = fitted.ranker, []
    if len(intents) < 4:
        return made  # with two or three intents the others are too different to stand for strangers
    for name in intents:
        intent = ranker.labels.index(name)
        group, scores = fitted.without_intent(intent)
        cosines = ranker.rows[group] @ ranker.rows.T
        cosines[:, ranker.owner == intent] = -2.0
        made.append(scope.signs(View(scores, cosines), ranker.owner))
    return made


def _sharpness(scores: np.ndarray, truth: np.ndarray) -> float:
    """The factor that makes unseen scores honest probabilities (least log loss)."""

    def loss(logarithm: float) -> float:
        p = softmax(scores * np.exp(logarithm))[np.arange(len(truth)), truth]
        return float(-np.log(np.clip(p, 1e-9, 1)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-1.0, 4.0), method="bounded").x))
