"""handoff: the frames of `/ws/desk`, from values to JSON and from JSON to values. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from handoff.contracts import Deliveries, Handoff, HandoffState
from handoff.ports import Line
from kit.contracts import JsonValue
from kit.refusals import Malformed

KEY_LIMIT = 100
ID_LIMIT = 40


def text_of(frame: Mapping[str, JsonValue], field: str, *, limit: int = ID_LIMIT) -> str:
    """The text under `field`; raises Malformed when there is none or it is longer than `limit`."""
    value = frame.get(field)
    if not isinstance(value, str) or not value or len(value) > limit:
        raise Malformed(field=field, details={field: f"a text of 1 to {limit} characters"})
    return value


def typed_of(frame: Mapping[str, JsonValue]) -> str:
    """What the agent wrote, of any length; the desk itself judges it."""
    value = frame.get("text")
    if not isinstance(value, str):
        raise Malformed(field="text", details={"text": "a text"})
    return value


def count_of(frame: Mapping[str, JsonValue], field: str) -> int:
    """The whole number of at least 0 under `field`; raises Malformed."""
    value = frame.get(field)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0 or value >= 2**31:
        raise Malformed(field=field, details={field: "a whole number of at least 0"})
    return value


def flag_of(frame: Mapping[str, JsonValue], field: str) -> bool:
    """The true or false under `field`; raises Malformed."""
    value = frame.get(field)
    if not isinstance(value, bool):
        raise Malformed(field=field, details={field: "true or false"})
    return value


def entries_frame(
    conversation_id: str, lines: Sequence[Line], *, after: int, render: Callable[[str], str]
) -> dict[str, JsonValue]:
    """Lines that follow `after` without a gap; `render` makes safe HTML of Markdown."""
    return {
        "t": "entries",
        "conversation": conversation_id,
        "after": after,
        "upto": lines[-1].seq if lines else after,
        "entries": entries_json(lines, render=render),
    }


def entries_json(lines: Sequence[Line], *, render: Callable[[str], str]) -> list[JsonValue]:
    """Lines as the console draws them."""
    return [_entry(line, render) for line in lines]


def deliveries_frame(conversation_id: str, found: Deliveries) -> dict[str, JsonValue]:
    """What became of the agents' lines."""
    return {
        "t": "deliveries",
        "conversation": conversation_id,
        "pushed": found.pushed,
        "waiting": list(found.waiting),
        "failed": list(found.failed),
        "delivered": found.delivered,
        "read": found.read,
    }


def state_frame(handoff: Handoff) -> dict[str, JsonValue]:
    """Who owns the conversation and under which epoch one writes in it."""
    return {"t": "state", **state_of(handoff)}


def state_of(handoff: Handoff) -> dict[str, JsonValue]:
    """The same as a part of an HTTP answer."""
    owner = {HandoffState.WAITING: "queue", HandoffState.ACTIVE: "agent"}.get(handoff.state, "bot")
    return {
        "conversation": handoff.conversation_id,
        "handoff": handoff.id,
        "state": handoff.state.value,
        "owner": owner,
        "agent": {"id": handoff.agent_id, "name": handoff.agent_name} if owner == "agent" else None,
        "epoch": handoff.epoch,
    }


def _entry(line: Line, render: Callable[[str], str]) -> JsonValue:
    rich = line.kind == "bot" and line.payload.get("format") == "markdown"
    return {
        "seq": line.seq,
        "kind": line.kind,
        "key": line.key,
        "text": line.text,
        "html": render(line.text) if rich else None,
        "language": line.language.value,
        "author": line.author,
        "at": _moment(line.at),
        "payload": _payload(line),
    }


def _payload(line: Line) -> dict[str, JsonValue]:
    """The payload with the answer's confidence where the thread looks for it: agents see how sure the bot was."""
    source = line.payload.get("source")
    if isinstance(source, dict) and "confidence" in source:
        return {**line.payload, "confidence": source["confidence"]}
    return line.payload


def _moment(at: datetime) -> str:
    return at.isoformat()
