"""bot: takes WeChat's calls: stores what was said, then answers with the reply if there is one in time.

An error is answered only where the message could not be stored: WeChat brings it again, up to three times.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import structlog

from bot.channels.ports import Reads, Sent, TakesIn
from bot.channels.wechat.choices import LABEL_LIMIT, choice_said, newest_offer
from bot.channels.wechat.envelope import Values
from bot.channels.wechat.inbound import CHANNEL, translate
from bot.channels.wechat.messages import texts_of
from bot.channels.wechat.sender import passive_id
from bot.channels.wechat.windows import ReplyWindow, ReplyWindows
from bot.clean import guess_language
from bot.contracts import Inbound, InboundKind, Owner, Received
from kit.contracts import Language
from kit.refusals import Refusal
from kit.texts import Texts

BACK = 20
"""How many entries back the choices that a number means are looked for."""

log = structlog.get_logger("bot.wechat")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What WeChat gets: a text, or nothing. `window` is told when it has left."""

    text: str = ""
    window: ReplyWindow | None = None


NOTHING = Answer()


class WeChatReceiver:
    """Stores messages and waits for their replies."""

    def __init__(
        self,
        *,
        inbox: TakesIn,
        reads: Reads,
        sent: Sent,
        windows: ReplyWindows,
        reply_seconds: float,
        texts: Texts,
        language: Language,
        public_url: str,
    ) -> None:
        self._inbox, self._reads, self._sent, self._windows = inbox, reads, sent, windows
        self._reply_seconds, self._texts, self._language = reply_seconds, texts, language
        self._public_url = public_url

    async def take(self, values: Values) -> Answer:
        """Store the message and answer it. Raises `Malformed`, and what the store raises: then it must come again."""
        found = translate(values)
        if found.inbound is None:
            log.info("wechat.ignored", reason=found.ignored)
            return NOTHING
        inbound = await self._with_choice(found.inbound)
        # Before the message is stored: its reply may be there before the store has returned.
        window = self._windows.open(inbound.address, found.key)
        answer = NOTHING
        try:
            answer = await self._answered(inbound, window)
        finally:
            self._windows.close(inbound.address, window)
            if answer.window is None:
                window.end(left=False)
        return answer

    async def _answered(self, inbound: Inbound, window: ReplyWindow) -> Answer:
        try:
            received = await self._inbox.receive(inbound)
        except Refusal as refusal:
            log.info("wechat.refused", code=refusal.code)
            return Answer(text=self._explained(inbound, refusal))
        log.info(
            "wechat.received",
            conversation=received.conversation_id,
            seq=received.seq,
            duplicate=received.duplicate,
        )
        if received.duplicate and (again := await self._answered_before(inbound, received)):
            return Answer(text=again)
        home = await self._reads.find(received.conversation_id)
        if home is None or home.owner is Owner.AGENT:
            # A person reads and writes at their own pace; WeChat must not think that we are gone.
            self._windows.close(inbound.address, window)
            return NOTHING
        text = await window.reply(self._reply_seconds)
        return NOTHING if text is None else Answer(text=text, window=window)

    async def _answered_before(self, inbound: Inbound, received: Received) -> str:
        """What was answered to this very message; WeChat asks again because that got lost."""
        seq = await self._sent.seq_of(
            channel=CHANNEL, address=inbound.address, message_id=passive_id(inbound.external_id)
        )
        entry = None if seq is None else await self._reads.entry(received.conversation_id, seq)
        parts = texts_of(entry, self._texts, public_url=self._public_url) if entry else ()
        return parts[0] if parts else ""

    async def _with_choice(self, inbound: Inbound) -> Inbound:
        """`inbound` as a pressed button, where its text names a choice of the newest reply."""
        if inbound.kind is not InboundKind.TEXT or len(inbound.text) > LABEL_LIMIT:
            return inbound
        home = await self._reads.find_at(CHANNEL, inbound.address)
        if home is None or home.owner is Owner.AGENT:
            return inbound
        offer = newest_offer(await self._reads.entries(home.id, after=max(0, home.last_seq - BACK)))
        choice = choice_said(inbound.text, offer) if offer else None
        if offer is None or choice is None:
            return inbound
        return replace(inbound, kind=InboundKind.PRESS, text="", choice=choice, to_seq=offer.seq)

    def _explained(self, inbound: Inbound, refusal: Refusal) -> str:
        language = guess_language(inbound.text, self._language)
        return self._texts(refusal.text_key, language, **refusal.slots)
