"""cases: what is refused, by name. Texts: `refusal.<code>` in cases/texts."""

from __future__ import annotations

from kit.refusals import Conflict, NotFound, Refusal, TooMany


class StepNotAllowed(Conflict):
    """A file cannot go from its step to the wanted one; slots `present` and `wanted` name them."""

    code = "step_not_allowed"


class TasksOpen(Conflict):
    """A decision waits for tasks; the slot `count` says how many nobody has finished."""

    code = "tasks_open"


class NotOpen(Conflict):
    """The promise or task is over already."""

    code = "not_open"


class CaseChanged(Conflict):
    """Somebody changed the file since it was read; `details`: who (`by`), what (`what`), and what it is now."""

    code = "case_changed"


class UnknownCategory(Refusal):
    """The category is not one of the configured ones."""

    code, status = "unknown_category", 422


class UnknownKind(Refusal):
    """The kind is not one of the configured ones."""

    code, status = "unknown_kind", 422


class UnknownDepartment(Refusal):
    """The department is not one of the desk's."""

    code, status = "unknown_department", 422


class UnknownColleague(Refusal):
    """Nobody of that name works at the desk (any more)."""

    code, status = "unknown_colleague", 422


class CommentTooLong(Refusal):
    """The slots `limit` and `length` count characters."""

    code, status = "comment_too_long", 422


class WordsMissing(Refusal):
    """The step or task needs words: `field` says which."""

    code, status = "words_missing", 422


class NotYet(Refusal):
    """There is no report of a time that has not come, and none to compare of one that is not over."""

    code, status = "not_yet", 422


class NotInTheFuture(Refusal):
    """A promised time has to lie ahead."""

    code, status = "not_in_the_future", 422


class OutsideHours(Conflict):
    """Customers are not asked at this hour; the slot `when` says from when on."""

    code = "outside_hours"


class TakenBy(Conflict):
    """A colleague is asking the customer just now; the slot `name` says who."""

    code = "taken_by"


class NotAsked(Conflict):
    """The question is not the open one: somebody has answered it, or gone on."""

    code = "not_asked"


class EvidenceFull(Conflict):
    """The case has as many files as it may; the slot `most` says how many."""

    code = "evidence_full"


class TooMuchAtOnce(TooMany):
    """The customer has added more in a day than anybody reads."""

    code = "too_much_at_once"


class LinkOver(NotFound):
    """The link is not one of ours, was changed, or has expired."""

    code = "link_over"


class UnknownProduct(Refusal):
    """The product or part is not one of the configured ones."""

    code, status = "unknown_product", 422


class SlotTaken(Conflict):
    """Nobody can come at that time any more."""

    code = "slot_taken"


class StockTooLow(Conflict):
    """The ledger would fall below what is there or promised; the slot `free` says how many are free."""

    code = "stock_too_low"


class OutOfRange(Refusal):
    """A number is not within what makes sense; the slots `least` and `most` say what does."""

    code, status = "out_of_range", 422


class IsMerged(Conflict):
    """The file goes on under another number; slot `number`."""

    code = "is_merged"


class MergeItself(Refusal):
    """A file cannot be merged into itself."""

    code, status = "merge_itself", 422


class MergeEnded(Conflict):
    """One of the two has ended; slot `number`."""

    code = "merge_ended"


class MergeOwes(Conflict):
    """The file that would go owes a task or a promise of its own; slot `number`."""

    code = "merge_owes"


class MergeHasOthers(Conflict):
    """Others were merged into the file that would go; slot `number`."""

    code = "merge_has_others"


class NotMerged(Conflict):
    """The file stands by itself already."""

    code = "not_merged"


class FieldMissing(Refusal):
    """The kind needs a field; `field` names it."""

    code, status = "field_missing", 422


class FieldUnfit(Refusal):
    """A field is not in its form; `field` names it."""

    code, status = "field_unfit", 422


class UnknownField(Refusal):
    """The kind has no such field; `field` names it."""

    code, status = "unknown_field", 422


class OwnFileAway(Refusal):
    """The channel does not hand out to its customer what they sent there, or not now."""

    code, status = "own_file_away", 503
