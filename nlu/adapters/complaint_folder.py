"""nlu: where a desk keeps the versions of the complaint classifier that learned from people."""

from __future__ import annotations

from pathlib import Path

from nlu.adapters.model_folder import VersionFolder
from nlu.complaint.scores import ComplaintScores

SUFFIX = ".npz"


def complaint_folder(data_dir: Path) -> VersionFolder[ComplaintScores]:
    """The versions in a data directory."""
    return VersionFolder(data_dir / "complaints", suffix=SUFFIX, scores=ComplaintScores)
