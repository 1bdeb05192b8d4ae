"""bot: fits the follow-up model to labelled dialogues. Pure; the weights it finds stand in `bot.follow_up`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from bot.follow_up import Weights, features_of

RIDGE = 0.05
"""Keeps the weights of so few examples small; the bias is free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One follow-up: both searches' confidences by article id, the article shown before, and the right one."""

    alone: Mapping[str, float]
    behind: Mapping[str, float]
    old: str
    gold: str | None


def fit(examples: Sequence[Example]) -> Weights:
    """The weights under which the right articles are likeliest and the others least likely."""
    rows, right = [], []
    for example in examples:
        for article_id, features in features_of(example.alone, example.behind, old=example.old).items():
            rows.append(features)
            right.append(float(article_id == example.gold))
    inputs, wanted = np.array(rows), np.array(right)

    def loss(weights: np.ndarray) -> float:
        scores = inputs @ weights
        return float(np.sum(np.logaddexp(0, scores) - wanted * scores) + RIDGE * np.sum(weights[:-1] ** 2))

    found = minimize(loss, np.zeros(inputs.shape[1]), method="BFGS").x.tolist()
    alone, behind, again, is_old, bias = (round(weight, 2) for weight in found)
    return Weights(alone=alone, behind=behind, again=again, is_old=is_old, bias=bias)
