"""knowledge_base: how far a long piece of work is. The one who works tells; others look, and may say stop."""

from __future__ import annotations

from knowledge_base.contracts.imports import ImportStep, ImportStopped


class Watch:
    """Told by the working threads, read by the event loop; plain values, so no lock is needed."""

    def __init__(self) -> None:
        self.step = ImportStep.READING
        self.done = self.total = 0
        self.stopped = False
        """Set by somebody else: the work ends at the next `tell`."""

    def tell(self, step: ImportStep, done: int = 0, *, total: int = 0) -> None:
        """So far it is. Raises `ImportStopped`."""
        if self.stopped:
            raise ImportStopped
        self.step, self.done, self.total = step, done, total
