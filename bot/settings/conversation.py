"""bot: what an operator may set about conversations, turns, deliveries and complaints."""

from __future__ import annotations

from pydantic import Field, model_validator

from kit.contracts import Language
from kit.settings import Settings

LONGEST_TURN = 10.0
"""Seconds within which a customer gets an answer, a choice or a person, whatever hangs."""


class ShopSettings(Settings):
    """Whose desk it is."""

    name_zh: str = Field(
        default="澄家电器", min_length=1, max_length=40, description="The shop's name in Chinese texts."
    )
    name_en: str = Field(
        default="Clearhome", min_length=1, max_length=40, description="The shop's name in English texts."
    )

    def name(self, language: Language) -> str:
        """The shop's name in `language`."""
        return self.name_zh if language is Language.ZH else self.name_en


class InboxSettings(Settings):
    """What is taken in."""

    text_limit: int = Field(
        default=2000,
        ge=100,
        le=2000,
        description="Longest message of a customer, characters; longer ones are refused clearly.",
    )
    default_language: Language = Field(
        default=Language.ZH,
        description="Language of a conversation until the customer's words or channel tell (zh or en).",
    )


class FileSettings(Settings):
    """Pictures, papers and films that customers and representatives send each other."""

    size_limit_mib: int = Field(default=10, ge=1, le=20, description="Largest file that is taken, MiB.")
    customer_sends_a_day: int = Field(
        default=30, ge=1, le=500, description="How many files one customer may send within a day."
    )


class TurnSettings(Settings):
    """How long each step of a turn may take. Their sum stays under ten seconds: nobody waits longer for a word."""

    load_seconds: float = Field(default=1.0, gt=0, le=5, description="Deadline of loading a conversation, seconds.")
    think_seconds: float = Field(
        default=3.5,
        gt=0,
        le=8,
        description="Deadline of reading a message, understanding it and searching for it, together, seconds.",
    )
    look_up_seconds: float = Field(
        default=0.4, gt=0, le=5, description="Deadline of looking up complaint files, queue and opening hours, seconds."
    )
    save_seconds: float = Field(default=1.4, gt=0, le=5, description="Deadline of storing replies, seconds.")

    def longest(self) -> float:
        """The longest a turn may take in which every step hangs, seconds."""
        # Looked up: files and one by its number, the queue, feedback, the packet's background twice.
        # Stored: the decision, then a person.
        return self.load_seconds + self.think_seconds + 6 * self.look_up_seconds + 2 * self.save_seconds

    @model_validator(mode="after")
    def _check_sum(self) -> TurnSettings:
        if self.longest() >= LONGEST_TURN:
            message = f"the deadlines add up to {self.longest():.1f} s; a turn must end within {LONGEST_TURN} s"
            raise ValueError(message)
        return self


class DialogueSettings(Settings):
    """How the bot decides what to say."""

    small_talk_confidence: float = Field(
        default=0.6,
        ge=0,
        le=1,
        description="Intent confidence from which a greeting, thanks or small talk counts as one, and a message as"
        " none of the shop's business.",
    )
    misses_before_offer: int = Field(
        default=2,
        ge=1,
        le=5,
        description="Questions in a row without a good answer after which a person is offered unasked.",
    )
    clarify_choices: int = Field(
        default=3, ge=2, le=3, description="Most articles offered as buttons when the bot is unsure."
    )
    topic_minutes: int = Field(
        default=30,
        ge=0,
        le=1440,
        description="How long a short question may lean on the one before it, minutes; 0 = never.",
    )
    waiting_note_seconds: int = Field(
        default=60,
        ge=5,
        le=3600,
        description="A waiting customer who keeps typing hears their place at most this often, seconds.",
    )


class ComplaintSettings(Settings):
    """How the bot takes complaints."""

    same_matter_hours: int = Field(
        default=24,
        ge=0,
        le=720,
        description="A further complaint within this time is added to the open file, hours; 0 = never.",
    )
    field_tries: int = Field(
        default=2, ge=1, le=5, description="How often one question of the form is asked before it is left open."
    )
    repeat_days: int = Field(
        default=30, ge=1, le=365, description="Earlier complaints of the same customer count for this long, days."
    )
    repeat_count: int = Field(
        default=3,
        ge=0,
        le=20,
        description="From so many complaints within that time a complaint is at least serious; 0 = never.",
    )
    safety_rules: tuple[str, ...] = Field(
        default=("injury", "fire"),
        description="Names of severity rules (section nlu) that stand for danger to people.",
    )


class WorkerSettings(Settings):
    """The worker process."""

    turns_at_once: int = Field(
        default=16, ge=1, le=200, description="Conversations worked on at the same time in one worker."
    )
    sweep_seconds: float = Field(
        default=2.0,
        gt=0,
        le=60,
        description="How often the worker looks into SQL for turns the wire did not announce, seconds.",
    )
    wire_down_seconds: float = Field(
        default=0.25, gt=0, le=5, description="The same while the signal wire (Redis) is down, seconds."
    )
    retry_first_seconds: float = Field(
        default=1.0, gt=0, le=60, description="Wait after a turn that failed altogether; doubles each time, seconds."
    )
    retry_longest_seconds: float = Field(default=30.0, gt=0, le=600, description="Longest such wait, seconds.")


class OutboxSettings(Settings):
    """Deliveries to channels that replies are pushed to."""

    sends_at_once: int = Field(default=8, ge=1, le=100, description="Conversations delivered to at the same time.")
    retry_first_seconds: float = Field(
        default=1.0, gt=0, le=60, description="Wait after a failed delivery; doubles each time, seconds."
    )
    retry_longest_seconds: float = Field(default=60.0, gt=0, le=3600, description="Longest such wait, seconds.")
    give_up_hours: float = Field(
        default=24.0,
        gt=0,
        le=168,
        description="After this long a delivery counts as failed and is shown as such, hours.",
    )
    send_seconds: float = Field(default=15.0, gt=0, le=120, description="Deadline of one call to a channel, seconds.")


class BotSettings(Settings):
    """The section `bot`."""

    inbox: InboxSettings = InboxSettings()
    files: FileSettings = FileSettings()
    turn: TurnSettings = TurnSettings()
    dialogue: DialogueSettings = DialogueSettings()
    complaint: ComplaintSettings = ComplaintSettings()
    worker: WorkerSettings = WorkerSettings()
    outbox: OutboxSettings = OutboxSettings()
