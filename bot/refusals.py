"""bot: what the inbox refuses, by name. Texts: `refusal.<code>` in bot/texts."""

from __future__ import annotations

from kit.refusals import Conflict, Refusal


class EmptyMessage(Refusal):
    """Nothing is left of the message once white space and control characters are gone."""

    code, status = "empty_message", 422


class MessageTooLong(Refusal):
    """The slots `limit` and `length` count characters."""

    code, status = "message_too_long", 422


class KeyInUse(Conflict):
    """The sender's id already names a message of another conversation."""

    code = "key_in_use"


class TooManyFiles(Conflict):
    """The customer has sent as many files today as they may; the slot `most` says how many."""

    code = "too_many_files"


class FileGone(Refusal):
    """The channel does not hand the file out any more."""

    code, status = "file_gone", 410


class FileAway(Refusal):
    """The channel cannot be reached; the file is still there."""

    code, status = "file_away", 503


class AddressNotAllowed(Refusal):
    """A webhook's address that is none, or leads inside a network."""

    code, status = "address_not_allowed", 422


class NoEvents(Refusal):
    """A webhook that wants to hear nothing."""

    code, status = "no_events", 422


class TurnLost(Exception):
    """Someone was faster: the conversation moved on (or changed its owner) while the turn was thinking.

    A result, not an error: the transaction is undone and the worker looks again.
    """
