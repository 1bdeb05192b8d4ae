"""knowledge_base: who may keep an article right."""

from __future__ import annotations

from knowledge_base.editing import WRITERS
from staff.contracts import Role
from staff.ports import People


async def owner_options(people: People, chosen: str) -> list[tuple[str, str]]:
    """(sign-in name, name) of everybody who may keep an article right, and of who does."""
    accounts = [account for account in await people.accounts() if account.roles & {*WRITERS, Role.ADMIN}]
    found = {account.name: account.display_name for account in accounts if account.active}
    return sorted({**({chosen: chosen} if chosen else {}), **found}.items(), key=lambda pair: pair[1])
