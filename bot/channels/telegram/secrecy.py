"""bot: keeps the bot's token out of every log, whoever writes the line. The token is part of every address that is called."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

MASK = "[telegram token]"


class Secrets:
    """The strings that must not be written down."""

    def __init__(self) -> None:
        self._hidden: tuple[str, ...] = ()
        self._lock = threading.Lock()
        self._installed = False

    def hide(self, secret: str) -> None:
        """Hide `secret` from now on in all records of `logging`, tracebacks included."""
        if not secret:
            return
        with self._lock:
            # A bot's token is "<id>:<key>"; the key alone must not be seen either.
            self._hidden = tuple(dict.fromkeys((*self._hidden, secret, secret.partition(":")[2] or secret)))
            if not self._installed:
                self._installed = True
                logging.setLogRecordFactory(self._wrap(logging.getLogRecordFactory()))

    def masked(self, text: str) -> str:
        """`text` with every hidden string replaced."""
        for secret in self._hidden:
            text = text.replace(secret, MASK)
        return text

    def processor(self, _: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """A structlog processor; stands before the renderer, after tracebacks have become text."""
        for name, value in event.items():
            event[name] = self._masked_value(value)
        return event

    def _masked_value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.masked(value)
        if isinstance(value, dict):
            return {name: self._masked_value(part) for name, part in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._masked_value(part) for part in value]
        return value

    def _wrap(self, make: Any) -> Any:
        def masked_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
            record: logging.LogRecord = make(*args, **kwargs)
            try:
                said = record.getMessage()
            except (TypeError, ValueError):  # arguments that do not fit their message; logging itself will say so
                said = f"{record.msg} {record.args}"
            if self.masked(said) != said:
                record.msg, record.args = self.masked(said), None
            if record.exc_info and record.exc_info[0]:
                told = _told(record.exc_info)
                if self.masked(told) != told:
                    record.exc_text = self.masked(told)
                    record.exc_info = None
            return record

        return masked_record


def _told(exc_info: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]) -> str:
    return "".join(traceback.format_exception(*exc_info)).rstrip() if exc_info[0] else ""
