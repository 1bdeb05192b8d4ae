"""cases: all routes of the room, in the order in which they have to be asked."""

from __future__ import annotations

from fastapi import APIRouter

from cases.links import CUSTOMER_PATH
from cases.settings import CaseSettings
from cases.web.after_sales import build_after_sales_router
from cases.web.causes import build_causes_router
from cases.web.customer import build_customer_router
from cases.web.customer_home import build_customer_home_router
from cases.web.customer_opening import build_customer_opening_router
from cases.web.digest import build_digest_router
from cases.web.evidence import EVIDENCE, build_evidence_router
from cases.web.export import build_export_router
from cases.web.files import NAV, build_files_router
from cases.web.follow_ups import build_follow_ups_router
from cases.web.handling import build_handling_router
from cases.web.linking import build_linking_router
from cases.web.merging import build_merging_router
from cases.web.opening import build_opening_router
from cases.web.pieces import Office, SurveyDesk
from cases.web.reports import build_reports_router
from cases.web.survey_page import build_survey_router
from cases.web.survey_results import build_results_router
from cases.web.watch import build_watch_router
from kit.contracts import NewId

__all__ = ["NAV", "Office", "SurveyDesk", "body_limits", "build_cases_router"]
SPARE = 64 * 1024


def body_limits(settings: CaseSettings) -> dict[str, int]:
    """Where more than usual may be sent; a little more than is taken, so that the refusal can name the limit."""
    most = settings.evidence.size_limit_mib * 1024 * 1024 + SPARE
    return {f"{EVIDENCE}/": most, f"{CUSTOMER_PATH}/": most}


def build_cases_router(office: Office, *, new_id: NewId) -> APIRouter:
    """`/cases` and what is below it."""
    router = APIRouter()
    parts = (
        build_watch_router(office),
        build_digest_router(office),
        build_follow_ups_router(office),
        build_evidence_router(office),
        build_after_sales_router(office, new_id=new_id),
        build_customer_opening_router(office),
        build_customer_home_router(office, new_id=new_id),
        build_customer_router(office),
        build_results_router(office),
        build_survey_router(office),
        build_reports_router(office),
        build_causes_router(office),
        build_merging_router(office),
        build_linking_router(office),
        build_export_router(office),
        build_opening_router(office, new_id=new_id),
        build_handling_router(office),
        build_files_router(office),
    )
    for part in parts:
        router.include_router(part)
    return router
