"""deploy: where a set-up keeps things: the checkout, and the cache that all checkouts share."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"


def cache_home() -> Path:
    """The folder shared by all checkouts of this user, or .tools here where that cannot hold programs."""
    shared = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "helpdesk"
    return shared if _can_hold_programs(shared) else ROOT / ".tools"


def _can_hold_programs(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        no_programs = os.statvfs(folder).f_flag & getattr(os, "ST_NOEXEC", 0)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK) and not no_programs
