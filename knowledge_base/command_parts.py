"""knowledge_base: in whose name a command is given, and stand-ins for what a command can do without."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kit.contracts import Language
from knowledge_base.contracts import PastQuestion
from nlu.contracts import TextRole
from staff.contracts import Person, Role
from staff.service import Staff

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

COMMAND_LINE = "command line"
"""Who did it, where nobody was signed in."""


class NobodyAsked:
    """A command looks at golden questions only; what customers asked lately is the desk's to know."""

    async def recent(self, *, limit: int) -> tuple[PastQuestion, ...]:
        """None."""
        return ()


class NoEncoder:
    """Stands in where nothing is searched or published, so that a list does not wait for a model to load."""

    fingerprint = ""
    dimensions = 0

    def encode(self, texts: Sequence[str], role: TextRole) -> npt.NDArray[np.float32]:
        """Raises: a command that encodes asks for the real one."""
        message = "this command was built without an encoder and must not search or publish"
        raise RuntimeError(message)


async def find_person(staff: Staff, name: str) -> Person:
    """Whose name it is done in. Raises ValueError for nobody's."""
    if not name:
        return Person(
            id="", name="", display_name=COMMAND_LINE, roles=frozenset({Role.ADMIN}), language=Language.EN, csrf=""
        )
    account = next((each for each in await staff.accounts() if each.name == name and each.active), None)
    if account is None:
        raise ValueError(f"--as {name}: no account of this name is open")
    return Person(
        id=account.id,
        name=account.name,
        display_name=account.display_name,
        roles=account.roles,
        language=Language.EN,
        csrf="",
    )
