"""bot: what it means for a channel that the store cannot be reached: the app is told to come again."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from kit.refusals import Refusal
from kit.sql import StoreClosed

STORE_FAULTS = (SQLAlchemyError, StoreClosed, OSError, TimeoutError)


class StoreAway(Refusal):
    """What arrived could not be stored; whoever sent it keeps it and comes again."""

    code, status = "store_away", 503
