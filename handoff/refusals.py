"""handoff: what the desk refuses, by name. Texts: `refusal.<code>` in handoff/texts."""

from __future__ import annotations

from kit.refusals import Conflict, NotFound, Refusal


class ConversationMoved(Conflict):
    """The writer does not own the conversation any more; the slot `name` says who does, or is empty."""

    code = "conversation_moved"


class NotHandedOver(NotFound):
    """No such conversation on the desk: it was never given to a person."""

    code = "not_handed_over"


class ReplyEmpty(Refusal):
    """Nothing is left of the text once white space and control characters are gone."""

    code, status = "reply_empty", 422


class ReplyTooLong(Refusal):
    """The slots `limit` and `length` count characters."""

    code, status = "reply_too_long", 422


class UnknownChoice(Refusal):
    """Something was chosen that the settings do not know; the slot `value` says what."""

    code, status = "unknown_choice", 422


class TranslatorAway(Refusal):
    """The translator does not answer, or not with a translation."""

    code, status = "translator_away", 503


class NothingToWhisper(Conflict):
    """A whisper is for the agent of a conversation: nobody holds it, or the supervisor does."""

    code = "nothing_to_whisper"


class AgentNotThere(Conflict):
    """Whoever is off duty can be given nothing: nobody would answer the customer."""

    code = "agent_not_there"


class AlreadyJoined(Conflict):
    """Both conversations are known as one customer's."""

    code = "already_joined"


class NotJoined(Conflict):
    """The conversations are not known as one customer's (any more)."""

    code = "not_joined"


class JoinedByShop(Conflict):
    """The shop's server says that they are one customer's; it would say so again."""

    code = "joined_by_shop"


class CodeWrong(Conflict):
    """Not the code that was sent, or it is too old, or it was tried too often."""

    code = "code_wrong"


class IdentityDiffers(Conflict):
    """The conversation belongs to another customer of the shop, who used the same browser."""

    code = "identity_differs"


class UnknownVariable(Refusal):
    """A canned reply names a variable that does not exist; the slots are its `name` and those `known`."""

    code, status = "unknown_variable", 422


class TitleNeeded(Refusal):
    """Something that people look for has no title."""

    code, status = "title_needed", 422


class ColleagueAway(Conflict):
    """Whoever was chosen is not there to take a conversation, or not any more."""

    code = "colleague_away"


class AlreadyInvited(Conflict):
    """The colleague is asked into the conversation already, or has joined it."""

    code = "already_invited"


class InvitationOver(Conflict):
    """There is no invitation (any more): the time to answer is over, or the conversation moved on."""

    code = "invitation_over"


class ReasonNeeded(Refusal):
    """Colleagues and the audit trail want to know why."""

    code, status = "reason_needed", 422


class TooManyTags(Refusal):
    """A conversation has `limit` tags already."""

    code, status = "too_many_tags", 422


class TooLong(Refusal):
    """A short text is longer than its `limit` of characters."""

    code, status = "too_long", 422


class SnoozeTooLong(Refusal):
    """The moment is past, or too far away; the slot `days` says how far is allowed."""

    code, status = "snooze_too_long", 422


class SnoozeWordsTooLong(Refusal):
    """The slot `limit` is in characters."""

    code, status = "snooze_words_too_long", 422
