"""knowledge_base: every operation of its HTTP interface as a command, read off the interface's own document.

What a program can do, a shell can: an operation that is added to the interface is a command without another word.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx

from kit.web.api_document import DOCUMENT, METHODS

PREFIX = "/api/v1/knowledge"
ARTICLES = f"{PREFIX}/articles"
JSON = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of the interface."""

    name: str
    method: str
    path: str
    summary: str
    in_path: tuple[str, ...]
    in_query: tuple[str, ...]
    in_body: tuple[str, ...]
    takes_file: bool

    @property
    def usage(self) -> str:
        """How it is called, in a line."""
        named = [*self.in_path, *self.in_query, *self.in_body]
        return " ".join([self.name, *(f"{name}=…" for name in named), *(["--file FILE"] if self.takes_file else [])])


class Operations:
    """Calls a desk's interface: the one that `client` reaches."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def load(self) -> dict[str, Operation]:
        """Every operation by its name. Raises ValueError where no desk answers."""
        try:
            answer = await self._client.get(DOCUMENT)
        except httpx.HTTPError as error:
            raise ValueError(f"no desk answers at {self._client.base_url}: {error}") from error
        if answer.status_code != HTTPStatus.OK:
            raise ValueError(f"no desk answers at {self._client.base_url}: {answer.status_code}")
        return operations_of(answer.json())

    async def call(self, operation: Operation, given: Mapping[str, str], file: bytes | None) -> httpx.Response:
        """Call it with what was given by name; a key stands for its article, and the newest version is meant.

        Raises ValueError for what the operation does not know, or lacks.
        """
        known = {*operation.in_path, *operation.in_query, *operation.in_body}
        if unknown := given.keys() - known:
            raise ValueError(f"{operation.name}: no {', '.join(sorted(unknown))}; usage: {operation.usage}")
        if lacking := [name for name in operation.in_path if name not in given]:
            raise ValueError(f"{operation.name}: {', '.join(lacking)} is missing; usage: {operation.usage}")
        values = dict(given)
        article = await self._find(values["article_id"]) if "article_id" in values else None
        if article is not None:
            values["article_id"] = str(article["id"])
            if "expected_version" in known:
                values.setdefault("expected_version", str(article["version"]))
        path = re.sub(r"\{(\w+)\}", lambda found: values[found.group(1)], operation.path)
        body = {name: _value(values[name]) for name in operation.in_body if name in values}
        return await self._client.request(
            operation.method,
            path,
            params={name: values[name] for name in operation.in_query if name in values},
            **({"content": file or b""} if operation.takes_file else {"json": body} if operation.in_body else {}),
        )

    async def _find(self, name: str) -> dict[str, Any] | None:
        """The article of this id or key."""
        answer = await self._client.get(f"{ARTICLES}/{name}")
        if answer.status_code == HTTPStatus.OK:
            found: dict[str, Any] = answer.json()
            return found
        for deleted in ("false", "true"):
            answer = await self._client.get(ARTICLES, params={"words": name, "deleted": deleted, "limit": "200"})
            lines = answer.json()["articles"] if answer.status_code == HTTPStatus.OK else []
            if line := next((line for line in lines if name in {line["key"], line["id"]}), None):
                return dict(line)
        return None


def operations_of(document: Mapping[str, Any]) -> dict[str, Operation]:
    """The knowledge base's operations in an OpenAPI document. Pure."""
    schemas = document["components"]["schemas"]
    found = {}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods and path.startswith(PREFIX):
                operation = _operation(path, method, methods[method], schemas)
                found[operation.name] = operation
    return dict(sorted(found.items()))


def _operation(path: str, method: str, described: Mapping[str, Any], schemas: Mapping[str, Any]) -> Operation:
    parameters = described.get("parameters", [])
    schema = described.get("requestBody", {}).get("content", {}).get(JSON, {}).get("schema", {})
    body = schemas.get(schema.get("$ref", "").rpartition("/")[2], {})
    ending = re.sub(r"\W", "_", path) + f"_{method}"
    return Operation(
        name=described["operationId"].removesuffix(ending),
        method=method.upper(),
        path=path,
        summary=described.get("description", ""),
        in_path=tuple(each["name"] for each in parameters if each["in"] == "path"),
        in_query=tuple(each["name"] for each in parameters if each["in"] == "query"),
        in_body=tuple(body.get("properties", {})),
        takes_file=path in FILES and method == "post",
    )


FILES = (f"{PREFIX}/images", f"{PREFIX}/attachments", f"{PREFIX}/imports")
"""Their body is a file as it is."""


def _value(text: str) -> Any:
    """What was written, as JSON where it is any: numbers, lists and objects; else the words themselves."""
    try:
        return json.loads(text)
    except ValueError:
        return text
