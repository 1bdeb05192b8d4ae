"""kit: the document of the interface for programs: OpenAPI as JSON, and the same as a page for people.

Both are made from the routes themselves; the page loads nothing from outside the house.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kit.web.pages import Pages

PREFIX = "/api/v1"
DOCUMENT = f"{PREFIX}/openapi.json"
PAGE = f"{PREFIX}/docs"
METHODS = ("get", "post", "put", "patch", "delete")
ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "text", "field", "details"],
            "properties": {
                "code": {"type": "string", "description": "Stable, for programs."},
                "text": {"type": "string", "description": "For people, in the language of the request."},
                "field": {"type": ["string", "null"], "description": "The input at fault."},
                "details": {"type": "object", "additionalProperties": {"type": "string"}},
            },
        }
    },
}
REFUSED = {
    "description": "Refused, in the one form of every refusal.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
}


def build_document_router(pages: Pages) -> APIRouter:
    """`/api/v1/openapi.json` and `/api/v1/docs`; open to everybody, as the code they are made from."""
    router = APIRouter(include_in_schema=False)
    made: list[dict[str, Any]] = []

    def document(request: Request) -> dict[str, Any]:
        if not made:
            made.append(describe(list(iter_route_contexts(request.app.routes))))
        return made[0]

    @router.get(DOCUMENT)
    async def show_document(request: Request) -> JSONResponse:
        return JSONResponse(document(request))

    @router.get(PAGE)
    async def show_page(request: Request) -> Response:
        described = document(request)
        return pages.page(
            request,
            "kit/api_docs.html",
            groups=_groups(described),
            schemas=described["components"]["schemas"],
            origin=str(request.base_url).rstrip("/"),
        )

    return router


def describe(routes: list[RouteContext]) -> dict[str, Any]:
    """The OpenAPI document of those `routes` that are for programs."""
    chosen = [route for route in routes if (route.path or "").startswith(PREFIX)]
    document = get_openapi(title="Help desk", version="1", routes=chosen)
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Refusal"] = ERROR
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{"token": []}]
    for operations in document["paths"].values():
        for method in METHODS:
            if method in operations:
                # FastAPI documents its own form of a malformed request; the house answers in its one form.
                operations[method]["responses"].pop("422", None)
                operations[method]["responses"]["4XX"] = REFUSED
    return document


def _groups(document: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The operations under their tags, as the page lists them."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in document["paths"].items():
        for method in METHODS:
            if method in operations:
                operation = operations[method] | {"path": path, "method": method.upper()}
                operation["body"] = _schema_of(operation.get("requestBody", {}))
                answers = (_schema_of(answer) for code, answer in operation["responses"].items() if code != "4XX")
                operation["answer"] = next((answer for answer in answers if answer), None)
                groups.setdefault((operation.get("tags") or ["-"])[0], []).append(operation)
    return sorted(groups.items())


def _schema_of(part: dict[str, Any]) -> str | None:
    """The name of the schema that a body or an answer has; in brackets where it is a list of such."""
    schema = part.get("content", {}).get("application/json", {}).get("schema", {})
    name = _name(schema)
    if name is None and schema.get("type") == "array":
        inner = _name(schema.get("items", {}))
        return inner and f"[{inner}]"
    return name


def _name(schema: dict[str, Any]) -> str | None:
    reference = schema.get("$ref", "")
    return reference.rpartition("/")[2] or None
