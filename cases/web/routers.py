"""cases: all routes of the room, in the order in which they have to be asked."""

from __future__ import annotations

from fastapi import APIRouter

from cases.web.files import NAV, build_files_router
from cases.web.follow_ups import build_follow_ups_router
from cases.web.handling import build_handling_router
from cases.web.pieces import Office
from cases.web.watch import build_watch_router
from kit.contracts import NewId

__all__ = ["NAV", "Office", "build_cases_router"]


def build_cases_router(office: Office, *, new_id: NewId) -> APIRouter:
    """`/cases` and what is below it."""
    router = APIRouter()
    for part in (
        build_watch_router(office),
        build_follow_ups_router(office),
        build_handling_router(office, new_id=new_id),
        build_files_router(office),
    ):
        router.include_router(part)
    return router
