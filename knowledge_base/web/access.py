"""knowledge_base: who may open its pages."""

from __future__ import annotations

from staff.contracts import Role

WRITERS = (Role.EDITOR, Role.SUPERVISOR)
"""Who writes and publishes; an admin may everything."""
READERS = (*WRITERS, Role.AGENT)
"""Who may look, and try a question."""
