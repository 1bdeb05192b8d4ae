"""bot.app.report: the coverage-accuracy curve as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kit.contracts import Language
from knowledge_base.evaluation.metrics import Judged, curve, figures

NAMES = {Language.ZH: "Chinese", Language.EN: "English"}
COLOURS = {Language.ZH: "#c2410c", Language.EN: "#1d4ed8"}
FEWEST = 20
"""Answers below which a point of the curve is chance."""


def draw_curve(judged: Sequence[Judged], path: Path, *, wanted: float) -> None:
    """Share of answers that are right against share of answerable questions answered, one line a language."""
    import matplotlib as mpl  # noqa: PLC0415 - a second to import

    mpl.use("agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    # The same figures give the same file.
    with mpl.rc_context({"svg.hashsalt": "helpdesk", "svg.fonttype": "none"}):
        figure, axes = plt.subplots(figsize=(7.2, 4.2), layout="constrained")
        for language in Language:
            mine = [each for each in judged if each.asked.language == language]
            points = _points(mine)
            axes.plot(
                [coverage for coverage, _ in points],
                [precision for _, precision in points],
                color=COLOURS[language],
                label=NAMES[language],
            )
            now = figures(mine)
            if now.precision is not None and now.coverage is not None:
                axes.plot(now.coverage, now.precision, "o", color=COLOURS[language], markersize=8)
        axes.axhline(wanted, color="#6b7280", linestyle="--", linewidth=1, label=f"wanted precision {wanted:.2f}")
        axes.set(
            xlabel="coverage: answerable questions answered at once",
            ylabel="precision: answers that are right",
            xlim=(0, 1),
        )
        axes.grid(visible=True, alpha=0.3)
        axes.legend(loc="lower left")
        figure.savefig(path, format="svg", facecolor="white", metadata={"Date": None})
        plt.close(figure)


def _points(judged: Sequence[Judged]) -> list[tuple[float, float]]:
    """(coverage, precision) at each confidence that leaves enough answers."""
    thresholds = sorted({round(each.confidence, 3) for each in judged}, reverse=True)
    least = FEWEST / max(1, len(judged))
    return [(point.coverage, point.precision) for point in curve(judged, thresholds) if point.answered >= least]
