"""Where a set-up keeps things: the checkout, and the cache that all checkouts share."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"


def cache_home() -> Path:
    """The folder shared by all checkouts of this user, or .tools here when that cannot be used."""
    wanted = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    shared = Path(wanted) / "helpdesk"
    if _can_hold_programs(shared):
        return shared
    private = ROOT / ".tools"
    private.mkdir(exist_ok=True)
    return private


def _can_hold_programs(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        no_programs = os.statvfs(folder).f_flag & getattr(os, "ST_NOEXEC", 0)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK) and not no_programs
