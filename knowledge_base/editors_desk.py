"""knowledge_base: the services behind the editors' pages, together."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge_base.answer_figures import AnswerFigures
from knowledge_base.attachments import Attachments
from knowledge_base.bulk import Bulk
from knowledge_base.editing import Editing
from knowledge_base.exchanging import Exchange
from knowledge_base.flagging import Flagging
from knowledge_base.images import Images
from knowledge_base.imports import Imports
from knowledge_base.replay import Replay
from knowledge_base.unanswered import Unanswered
from knowledge_base.unsaved import UnsavedTexts


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorsDesk:
    """What the pages and the interface for programs call."""

    editing: Editing
    unsaved: UnsavedTexts
    images: Images
    attachments: Attachments
    exchange: Exchange
    imports: Imports
    bulk: Bulk
    replay: Replay
    unanswered: Unanswered
    figures: AnswerFigures
    flagging: Flagging
