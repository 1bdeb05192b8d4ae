"""bot: keeps the secrets of chat apps out of every log, whoever writes the line.

A secret is part of the addresses that are called, so libraries log it and name it in their errors.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, MutableMapping
from typing import Any

TALKATIVE = ("telegram", "httpx", "httpcore")
"""Loggers that write addresses and, at level DEBUG, whole messages of customers."""
MASK = "[secret of a channel]"


def quiet_libraries() -> None:
    """Let the libraries below the channel speak of trouble only, whatever level the rest of the house logs at."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def hide_in_logs(secret: str) -> None:
    """Mask `secret` from now on in every record of `logging`, tracebacks included."""
    factory = logging.getLogRecordFactory()
    if not isinstance(factory, MaskingRecords):
        factory = MaskingRecords(factory)
        logging.setLogRecordFactory(factory)
    factory.mask.hide(secret)


class Mask:
    """Replaces what must not be written down."""

    def __init__(self) -> None:
        self._hidden: tuple[str, ...] = ()

    def hide(self, secret: str) -> None:
        """Replace `secret` from now on; a bot's token is `<id>:<key>`, and the key alone must not be seen either."""
        found = {*self._hidden, secret, secret.partition(":")[2]} - {""}
        self._hidden = tuple(sorted(found, key=len, reverse=True))

    def over(self, text: str) -> str:
        """`text` with every hidden string replaced."""
        for secret in self._hidden:
            text = text.replace(secret, MASK)
        return text

    def processor(self, _: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """A structlog processor; stands before the renderer, after tracebacks have become text."""
        for name, value in event.items():
            event[name] = self._over_value(value)
        return event

    def _over_value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.over(value)
        if isinstance(value, dict):
            return {name: self._over_value(part) for name, part in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._over_value(part) for part in value]
        return value


class MaskingRecords:
    """A record factory around another one: works for every logger and handler, also those made later."""

    def __init__(self, make: Callable[..., logging.LogRecord]) -> None:
        self._make = make
        self.mask = Mask()

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = self._make(*args, **kwargs)
        try:
            said = record.getMessage()
        except (TypeError, ValueError):  # arguments that do not fit their message; logging itself would say so
            said = f"{record.msg} {record.args}"
        if self.mask.over(said) != said:
            record.msg, record.args = self.mask.over(said), None
        if record.exc_info and record.exc_info[0]:
            told = "".join(traceback.format_exception(*record.exc_info)).rstrip()
            if self.mask.over(told) != told:
                record.exc_text, record.exc_info = self.mask.over(told), None
        return record
