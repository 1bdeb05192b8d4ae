"""nlu.rasa: is a message in scope at all? numpy and scikit-learn, no Rasa.

A small logistic model over signs that a message is strange. It learns from examples judged without themselves (in
scope) against examples judged without their whole intent and those of the outlier intent (out of scope). A plain
threshold on the probability finds far fewer of the strange ones at the same price: docs/evaluation.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

NEAR = 5
LEAST_REFUSED = 6
"""Examples that decide the cut at the least: with fewer, one or two odd ones would (decision 0061)."""


@dataclass
class View:
    """What is known of some messages: scores of all intents, and cosines to the examples that count for them."""

    scores: np.ndarray
    cosines: np.ndarray
    """(messages, examples); -2 where an example must not be seen."""


@dataclass
class Scope:
    """The decision."""

    outlier: int
    """Column of the outlier intent; -1 for none."""
    sharpness: float
    """Turns scores into probabilities."""
    weights: np.ndarray
    centre: np.ndarray
    spread: np.ndarray
    bias: float
    cut: float
    """Log-odds below which a message is out of scope."""

    def inside(self, scores: np.ndarray) -> np.ndarray:
        """The scores with the outlier intent out of the running."""
        if self.outlier < 0:
            return scores
        made = scores.copy()
        made[:, self.outlier] = -3.0
        return made

    def probabilities(self, scores: np.ndarray) -> np.ndarray:
        """Of the in-scope intents, given that it is one of them."""
        return softmax(self.inside(scores) * self.sharpness)

    def signs(self, view: View, owner: np.ndarray) -> np.ndarray:
        """One row a message; most signs are larger the more at home the message is."""
        inside = self.inside(view.scores)
        top = inside.argmax(axis=1)
        p = np.clip(softmax(inside * self.sharpness)[np.arange(len(top)), top], 1e-6, 1 - 1e-6)
        two = np.sort(inside, axis=1)[:, -2:]
        scaled = inside * self.sharpness
        peak = scaled.max(axis=1)
        energy = peak + np.log(np.exp(scaled - peak[:, None]).sum(axis=1))
        at_home = np.where(owner[None, :] == self.outlier, -2.0, view.cosines) if self.outlier >= 0 else view.cosines
        own = np.where(owner[None, :] == top[:, None], at_home, -2.0).max(axis=1)
        near = _largest(at_home, NEAR)
        signs = [np.log(p / (1 - p)), two[:, 1], two[:, 1] - two[:, 0], energy, np.maximum(own, -1), near]
        if self.outlier >= 0:
            far = _largest(np.where(owner[None, :] == self.outlier, view.cosines, -2.0), 3)
            signs += [view.scores[:, self.outlier], near - far]
        return np.stack(signs, axis=1)

    def odds(self, signs: np.ndarray) -> np.ndarray:
        """Log-odds of being in scope, 0 at the cut."""
        return ((signs - self.centre) / self.spread) @ self.weights + self.bias - self.cut

    def learn(self, home: np.ndarray, strange: np.ndarray) -> None:
        """Fit on the signs of in-scope and of strange messages."""
        both = np.vstack([home, strange])
        self.centre, self.spread, self.bias, self.cut = both.mean(axis=0), both.std(axis=0) + 1e-6, 0.0, 0.0
        if len(strange):
            scaled, inside = (both - self.centre) / self.spread, np.r_[np.ones(len(home)), np.zeros(len(strange))]
            model = LogisticRegression(C=1.0, class_weight="balanced", max_iter=500).fit(scaled, inside)
            self.weights, self.bias = model.coef_[0], float(model.intercept_[0])
        else:
            self.weights = np.eye(1, both.shape[1])[0]  # nothing to learn from: the top odds alone decide

    def place_cut(self, understood: np.ndarray, wrongly_refused: float) -> None:
        """Refuse this share of messages that are in scope and would have been understood, by their signs.

        Of few examples the share is raised until `LEAST_REFUSED` of them lie below the cut, a twentieth at most.
        """
        if len(understood):
            share = max(wrongly_refused, min(LEAST_REFUSED / len(understood), 0.05))
            self.cut = float(np.quantile(self.odds(understood) + self.cut, share))


def softmax(scores: np.ndarray) -> np.ndarray:
    """Rows of probabilities."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def _largest(rows: np.ndarray, count: int) -> np.ndarray:
    """Mean of the `count` largest values of each row."""
    count = min(count, rows.shape[1])
    return np.maximum(np.partition(rows, rows.shape[1] - count, axis=1)[:, -count:], -1).mean(axis=1)
