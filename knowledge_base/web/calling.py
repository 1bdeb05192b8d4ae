"""knowledge_base: the command `do`: one operation of the HTTP interface, given and answered in a shell."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path

import httpx

from knowledge_base.article_commands import DONE, FAILED, REFUSED
from knowledge_base.web.operations import JSON, Operations


async def do_operation(client: httpx.AsyncClient, name: str, given: Sequence[str], file: Path | None) -> int:
    """Call `name` and print its answer as JSON; a refusal goes to standard error. Without a name: what there is.

    Raises ValueError for what no operation knows.
    """
    operations = Operations(client)
    known = await operations.load()
    if not name:
        for operation in known.values():
            print(f"{operation.usage}\n    {operation.summary}")
        return DONE
    if name not in known:
        raise ValueError(f"no operation {name!r}; there are: {', '.join(known)}")
    content = await asyncio.to_thread(file.read_bytes) if file else None
    answer = await operations.call(known[name], _pairs(given), content)
    if answer.status_code >= HTTPStatus.BAD_REQUEST:
        print(_refusal(answer), file=sys.stderr)
        return FAILED if answer.status_code == HTTPStatus.NOT_FOUND else REFUSED
    if answer.content and answer.headers.get("content-type", "").startswith(JSON):
        print(json.dumps(answer.json(), ensure_ascii=False, indent=1))
    elif answer.content:
        sys.stdout.buffer.write(answer.content)
    return DONE


def _pairs(given: Sequence[str]) -> dict[str, str]:
    if wrong := next((each for each in given if "=" not in each), None):
        raise ValueError(f"{wrong}: write NAME=VALUE")
    return {name: value for name, _, value in (each.partition("=") for each in given)}


def _refusal(answer: httpx.Response) -> str:
    """Its sentence, with what is wrong field by field."""
    try:
        error = answer.json()["error"]
    except (ValueError, KeyError):
        return f"{answer.status_code}"
    details = [f"  {at}: {what}" for at, what in error["details"].items()]
    return "\n".join([f"{error['code']}: {error['text']}", *details])
