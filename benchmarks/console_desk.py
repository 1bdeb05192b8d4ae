"""benchmarks: customers who asked for a person and the agent who serves them all, made by the rooms' own services."""

from __future__ import annotations

from bot.app.ground import Ground
from bot.app.rooms import Rooms
from bot.contracts import Inbound, InboundKind
from handoff.contracts import Agent, ContextPacket, Handoff, HandoffReason, HandoffRequest, Urgency
from kit.contracts import Language, Tx

NAME, PASSWORD = "mei", "correct horse battery"
WANT = "洗衣机脱水异响，想换货"
ORDER = ("order_number", "CJ2611-088213")


async def fill(ground: Ground, rooms: Rooms, agent: Agent, count: int) -> list[Handoff]:
    """As many conversations, all held by `agent`."""
    made = []
    for number in range(count):
        received = await rooms.inbox.receive(a_word(number, "洗衣机脱水响得厉害，才买三天，能换一台吗？", key="first"))
        request = _request(received.conversation_id, number)

        async def work(tx: Tx, request: HandoffRequest = request) -> Handoff:
            return await rooms.desk.open(tx, request, at=ground.clock())

        handoff = await ground.database.write(work)
        await rooms.agents.claim(handoff.id, agent)
        made.append(await rooms.agents.load(handoff.id))
    return made


async def lengthen(rooms: Rooms, agent: Agent, conversation_id: str, number: int, *, messages: int) -> None:
    """Let customer and agent go on until there are as many messages."""
    held = await rooms.agents.load_latest(conversation_id)
    for turn in range(messages // 2):
        await rooms.inbox.receive(a_word(number, f"还是响，第 {turn} 次了，请再看看。", key=f"long-{turn}"))
        text = f"好的，这是第 {turn} 个办法：请把四个脚调平，再空转一次。"
        await rooms.agents.reply(conversation_id, agent, key=f"reply-{turn}", text=text, epoch=held.epoch)


def a_word(number: int, text: str, *, key: str) -> Inbound:
    """Something one customer writes."""
    return Inbound(
        channel="web",
        external_id=f"{key}-{number}",
        address=f"visitor-{number}",
        kind=InboundKind.TEXT,
        text=text,
        customer_name=f"客户 {number:03}",
    )


def _request(conversation_id: str, number: int) -> HandoffRequest:
    packet = ContextPacket(
        want=WANT,
        language=Language.ZH,
        intent="exchange",
        intent_confidence=0.9,
        entities=(ORDER,),
        given=(ORDER,),
        complaint=None,
        attempts=(),
        earlier=(),
    )
    return HandoffRequest(
        conversation_id=conversation_id,
        customer_name=f"客户 {number:03}",
        channel="web",
        reason=HandoffReason.ASKED,
        urgency=Urgency.NORMAL,
        language=Language.ZH,
        packet=packet,
    )
