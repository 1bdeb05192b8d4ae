"""bot: structured logs, one JSON object a line. No message text, no token, no personal data.

An exception's own words may quote what a customer wrote (SQL parameters, validation errors), so of an exception only
its kind and the places it passed are written.
"""

from __future__ import annotations

import logging
import logging.handlers
import sys
import traceback
from pathlib import Path

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = frozenset({"text", "message", "body", "token", "secret", "password", "authorization", "cookie", "payload"})
"""Keys that are never written, whoever passes them."""
TALKATIVE = ("aiosqlite", "sqlalchemy.engine", "sqlalchemy.pool", "asyncpg")
"""Loggers that write statements with what is filled into them, customers' words among it, below level WARNING."""
FILE_BYTES = 20_000_000
FILES = 5


def set_up_logging(path: Path | None, *, level: int = logging.INFO, console: bool = False) -> None:
    """Send structlog and the standard library's logging to `path` (rotated), and to stderr where `console`."""
    handlers: list[logging.Handler] = []
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handlers.append(
            logging.handlers.RotatingFileHandler(path, maxBytes=FILE_BYTES, backupCount=FILES, encoding="utf-8")
        )
    if console or path is None:
        handlers.append(logging.StreamHandler(sys.stderr))
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        only_places,
        without_secrets,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        # Libraries' lines keep their template only: what they fill in may be a customer's words.
        use_get_message=False,
    )
    root = logging.getLogger()
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in TALKATIVE:
        # Whatever level the house logs at: another handler (a host's, a debugger's) would write the words out.
        logging.getLogger(name).setLevel(logging.WARNING)
    for handler in handlers:
        handler.setFormatter(formatter)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def only_places(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Of an exception, its kind and the lines of code it passed; never its words."""
    raised = event.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()[1]
    error = raised[1] if isinstance(raised, tuple) else raised
    if isinstance(error, BaseException):
        event["raised"] = [type(link).__name__ for link in _links(error)]
        event["places"] = [
            f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
    return event


def without_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop what must never be written."""
    return {key: value for key, value in event.items() if key not in HIDDEN}


def _links(error: BaseException) -> list[BaseException]:
    links: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in links:
        links.append(link)
        link = link.__cause__ or link.__context__
    return links
