"""benchmarks: the machine and the versions that figures belong to."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Sequence
from pathlib import Path

import psutil


def describe() -> dict[str, str]:
    """Processor, cores, memory, system, versions."""
    return {
        "processor": _processor(),
        "cores": str(psutil.cpu_count()),
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in ("uvicorn", "sqlalchemy", "onnxruntime", "faiss-cpu")},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def waited_for_processors(pids: Sequence[int]) -> float:
    """Seconds the threads of these processes were ready to work and others had the processors, as Linux counts them."""
    waited = 0
    for pid in pids:
        for schedstat in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            waited += int(schedstat.read_text(encoding="ascii").split()[1])
    return waited / 1e9
