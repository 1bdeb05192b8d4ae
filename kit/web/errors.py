"""kit: one handler for everything that goes wrong in a request: one envelope for programs, one page for people.

Envelope: `{"error": {"code": str, "text": str, "field": str | null, "details": {str: str}}}`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.websockets import WebSocket

from kit.contracts import JsonValue, Language
from kit.refusals import Malformed, Refusal, TooMany
from kit.texts import Texts
from kit.web.pages import Pages

POLICY_VIOLATION = 1008
"""Close code of a socket whose route refused it and said nothing more."""


class WebRefusal(Refusal):
    """A refusal by the web framework itself: unknown address, wrong method, body too large."""

    def __init__(self, code: str, status: int) -> None:
        super().__init__()
        self.code, self.status = code, status


def error_body(refusal: Refusal, texts: Texts, language: Language) -> dict[str, JsonValue]:
    """What programs are told of a refusal: `{"code", "text", "field", "details"}`; sockets add `t` and `key`."""
    return {
        "code": refusal.code,
        "text": texts(refusal.text_key, language, **refusal.slots),
        "field": refusal.field,
        "details": dict(refusal.details),
    }


def install_errors(app: FastAPI, pages: Pages) -> None:
    """Make `app` answer every refusal and fault in the house's one way."""

    async def refused(connection: Request | WebSocket, refusal: Refusal) -> Response | None:
        if isinstance(connection, WebSocket):
            await connection.close(POLICY_VIOLATION)
            return None
        return answer_refusal(connection, refusal, pages)

    async def invalid(request: Request, error: Exception) -> Response:
        faults: Sequence[Mapping[str, Any]] = error.errors() if isinstance(error, RequestValidationError) else ()
        details = {".".join(str(part) for part in fault["loc"][1:]) or "body": str(fault["msg"]) for fault in faults}
        return answer_refusal(request, Malformed(field=next(iter(details), None), details=details), pages)

    async def by_framework(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        code = {400: "malformed", 404: "not_found", 405: "not_allowed_here", 413: "body_too_large"}.get(status)
        response = answer_refusal(request, WebRefusal(code or "refused", status), pages)
        response.headers.update(getattr(error, "headers", None) or {})
        return response

    async def crashed(request: Request, _: Exception) -> Response:
        return answer_refusal(request, WebRefusal("fault", 500), pages)

    app.add_exception_handler(Refusal, cast("Any", refused))  # typed for requests or sockets; it is called with both
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, by_framework)
    app.add_exception_handler(Exception, crashed)


def answer_refusal(request: Request, refusal: Refusal, pages: Pages) -> Response:
    """The response for `refusal`: JSON for programs, a toast for htmx, a page (or the sign-in page) for people."""
    wants_html = "text/html" in request.headers.get("accept", "")
    by_htmx = request.headers.get("hx-request") == "true"
    headers = {"Cache-Control": "no-store"}
    if isinstance(refusal, TooMany) and "seconds" in refusal.slots:
        headers["Retry-After"] = str(refusal.slots["seconds"])
    if refusal.page and by_htmx:
        return Response(status_code=refusal.status, headers=headers | {"HX-Redirect": refusal.page})
    if refusal.page and wants_html:
        back = f"?next={quote(request.url.path)}" if request.method == "GET" else ""
        return RedirectResponse(refusal.page + back, HTTPStatus.SEE_OTHER, headers=headers)
    if by_htmx:
        # htmx would put the answer where the result was to go, over what the person was doing.
        response: Response = pages.page(request, "kit/toast.html", status=refusal.status, refusal=refusal)
        headers |= {"HX-Retarget": "#toasts", "HX-Reswap": "beforeend"}
    elif wants_html:
        response = pages.page(request, "kit/error.html", status=refusal.status, refusal=refusal)
    else:
        body = {"error": error_body(refusal, pages.texts, pages.language(request))}
        response = JSONResponse(body, status_code=refusal.status)
    response.headers.update(headers)
    return response
