"""bot: what stands around a message of WeChat: who may send one, how it is opened, how an answer is closed.

Pure but for the clock. Nothing is parsed before its signature is checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException, ElementTree

from bot.channels.wechat.encryption import MessageCipher, Undecipherable, is_signed, signature_of
from kit.contracts import Clock
from kit.refusals import Malformed, Refusal

FRESH_SECONDS = 600
"""Older signatures are refused: in plain mode they do not cover the message, so a copied one must not last."""

Values = Mapping[str, str]
"""The elements of a message, by name."""


class WrongSignature(Refusal):
    """The caller does not know the token that WeChat was told, or says something old; it is not WeChat."""

    code, status = "wrong_signature", 403


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Opens what WeChat sends and closes what it gets. `cipher` is None in plain mode (明文模式)."""

    token: str = field(repr=False)
    cipher: MessageCipher | None = field(repr=False)
    clock: Clock

    def check(self, query: Mapping[str, str]) -> None:
        """Raises `WrongSignature` unless the request's address is signed."""
        stamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if not is_signed(query.get("signature", ""), self.token, stamp, nonce) or not self._is_fresh(stamp):
            raise WrongSignature

    def open(self, query: Mapping[str, str], body: bytes) -> Values:
        """The message in `body`. Raises `WrongSignature` and `Malformed`."""
        self.check(query)
        outer = read_xml(body)
        if self.cipher is None:
            return outer
        sealed = outer.get("Encrypt", "")
        signed = (self.token, query.get("timestamp", ""), query.get("nonce", ""), sealed)
        if not sealed or not is_signed(query.get("msg_signature", ""), *signed):
            raise WrongSignature
        try:
            return read_xml(self.cipher.decrypt(sealed))
        except Undecipherable as error:
            raise WrongSignature from error

    def close(self, xml: str) -> str:
        """An answer as WeChat takes it: as it is, or encrypted and signed."""
        if self.cipher is None:
            return xml
        sealed, stamp = self.cipher.encrypt(xml.encode()), str(int(self.clock().timestamp()))
        signature = signature_of(self.token, stamp, stamp, sealed)
        return write_xml({"Encrypt": sealed, "MsgSignature": signature, "TimeStamp": stamp, "Nonce": stamp})

    def _is_fresh(self, stamp: str) -> bool:
        if not (stamp.isascii() and stamp.isdecimal()) or len(stamp) > len("9999999999"):
            return False
        return abs(self.clock().timestamp() - int(stamp)) <= FRESH_SECONDS


def read_xml(body: bytes) -> Values:
    """The elements below the root that hold text. Raises `Malformed`, also for entities and document types."""
    try:
        root = ElementTree.fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Malformed(details={"body": "a message of WeChat as XML"}) from error
    return {element.tag: element.text or "" for element in root}


def write_xml(values: Values) -> str:
    """One flat document."""
    return f"<xml>{''.join(f'<{name}>{escape(value)}</{name}>' for name, value in values.items())}</xml>"


def text_reply(values: Values, text: str, *, at: int) -> str:
    """The passive reply to the message `values` (被动回复). `at` is a Unix time."""
    return write_xml(
        {
            "ToUserName": values["FromUserName"],
            "FromUserName": values["ToUserName"],
            "CreateTime": str(at),
            "MsgType": "text",
            "Content": text,
        }
    )
