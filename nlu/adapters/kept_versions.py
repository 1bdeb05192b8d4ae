"""nlu: what is the same for versions of every model: they are scored once, and a worse one does not replace the served.

For commands: nothing here may be called from a running event loop.
"""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from kit.ids import now
from nlu.adapters.model_folder import VersionFolder
from nlu.versions import Measured, Refused, find_losses, table

S = TypeVar("S", bound=Measured)
OTHER_INSTALLATION = "the served model belongs to another encoder or another version of this program"


def say(text: str) -> None:
    """One line of progress."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def at_once() -> str:
    """The present moment as cards and publications keep it."""
    return now().isoformat(timespec="seconds")


class KeptVersions(ABC, Generic[S]):
    """One desk's versions of one model."""

    def __init__(self, folder: VersionFolder[S]) -> None:
        self.folder = folder

    @abstractmethod
    def scores(self, name: str) -> S:
        """The version's scores on the held-out set; measured now when they were not before."""

    @abstractmethod
    def fits(self, name: str) -> bool:
        """Whether this installation can serve the version at all."""

    def losses(self, served: str, name: str) -> tuple[str, ...]:
        """Names of the figures that forbid `name` to replace `served`."""
        return find_losses(self.scores(served), self.scores(name))

    def publish(self, name: str, *, force: bool = False, reason: str = "") -> str:
        """Serve `name` unless it is worse than the served one; returns the table. Raises `Refused` with it."""
        served = self.folder.served()
        if served == name:
            return f"{name} is served already"
        if served is None or not self.fits(served):
            reason = reason or (OTHER_INSTALLATION if served else "the first one")
            self.folder.publish(name, at=at_once(), reason=reason)
            return f"{name} is served from now on"
        losses = self.losses(served, name)
        shown = table((served, self.scores(served)), (name, self.scores(name)), losses)
        if losses and not force:
            raise Refused(f"{name} is worse than {served}, which stays; --force --reason TEXT overrules\n{shown}")
        self.folder.publish(name, at=at_once(), reason=reason, forced=bool(losses))
        return f"{shown}\n{name} is served from now on"
