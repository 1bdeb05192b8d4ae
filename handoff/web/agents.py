"""handoff: the signed-in person as the desk knows agents."""

from __future__ import annotations

from handoff.contracts import Agent
from staff.contracts import Person


def agent_of(person: Person) -> Agent:
    """The signed-in person as the desk knows agents."""
    return Agent(id=person.id, name=person.display_name)
