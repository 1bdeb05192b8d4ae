"""tests: an automatic scan of a page for people who cannot see or use it well (axe-core, a check-time npm package)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Frame, Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


def need_axe() -> None:
    """Skip where the package is not installed; `make check` installs it."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed here; `make check` (npm ci) brings it")


async def faults_of(page: Page | Frame) -> list[str]:
    """What the scan found, one line each: rule and element."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    result: dict[str, Any] = await page.evaluate(
        "() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']})"
    )
    return [
        f"{fault['id']}: {node['target']} {node['failureSummary']}"
        for fault in result["violations"]
        for node in fault["nodes"]
    ]
