"""cases: the settings of satisfaction surveys: what is asked, after what, how often, and what a low score leads to."""

from __future__ import annotations

from pydantic import Field, field_validator, model_validator

from cases.contracts.surveys import AnswerOption, Measure, Question, QuestionForm, Why
from cases.settings.named import NAME, Named
from kit.contracts import Language
from kit.settings import Settings

STARS = 5
NPS_VALUES = (0, 10)
EFFORT_VALUES = (1, 7)
MOST_VALUES = 11


class Asking(Settings):
    """One question of a questionnaire."""

    name: str = Field(pattern=NAME, description="Stable name; answers are counted under it.")
    form: QuestionForm = Field(description="stars (1-5), scale, choice or text.")
    measure: Measure = Field(Measure.NONE, description="csat, nps (scale 0-10), effort (scale 1-7) or none.")
    zh: str = Field(min_length=1, max_length=200, description="Words in Chinese.")
    en: str = Field(min_length=1, max_length=300, description="Words in English.")
    lowest: int = Field(1, ge=0, le=10, description="Lowest value of a scale.")
    highest: int = Field(5, ge=1, le=10, description="Highest value of a scale.")
    choices: tuple[Named, ...] = Field((), max_length=MOST_VALUES, description="What can be chosen.")
    low: int | None = Field(None, ge=0, le=10, description="This value or less opens a follow-up; empty: none does.")

    @model_validator(mode="after")
    def _check(self) -> Asking:
        fault = None
        if self.form is QuestionForm.CHOICE and not self.choices:
            fault = "a question with choices has some"
        elif self.form is QuestionForm.STARS and (self.lowest, self.highest) != (1, STARS):
            fault = "stars go from 1 to 5"
        elif self.lowest >= self.highest:
            fault = "the highest value is above the lowest"
        elif self.measure is Measure.NPS and (self.form, self.lowest, self.highest) != (
            QuestionForm.SCALE,
            *NPS_VALUES,
        ):
            fault = "nps is asked on a scale from 0 to 10"
        elif self.measure is Measure.EFFORT and (self.form, self.lowest, self.highest) != (
            QuestionForm.SCALE,
            *EFFORT_VALUES,
        ):
            fault = "effort is asked on a scale from 1 to 7"
        elif self.measure is Measure.CSAT and self.form is not QuestionForm.STARS:
            fault = "csat is asked with stars"
        elif self.low is not None and self.form not in {QuestionForm.STARS, QuestionForm.SCALE}:
            fault = "only stars and scales have low values"
        if fault:
            message = f"question {self.name}: {fault}"
            raise ValueError(message)
        return self

    def question(self) -> Question:
        """The question as it is asked."""
        return Question(
            name=self.name,
            form=self.form,
            measure=self.measure,
            words={Language.ZH: self.zh, Language.EN: self.en},
            options=self._options(),
            low=self.low,
        )

    def _options(self) -> tuple[AnswerOption, ...]:
        match self.form:
            case QuestionForm.TEXT:
                return ()
            case QuestionForm.CHOICE:
                return tuple(
                    AnswerOption(value=number, label={language: choice.label(language) for language in Language})
                    for number, choice in enumerate(self.choices, 1)
                )
            case QuestionForm.STARS:
                return tuple(
                    AnswerOption(value=value, label=dict.fromkeys(Language, "★" * value + "☆" * (STARS - value)))
                    for value in range(1, STARS + 1)
                )
            case QuestionForm.SCALE:
                values = range(self.lowest, self.highest + 1)
                return tuple(AnswerOption(value=value, label=dict.fromkeys(Language, str(value))) for value in values)


class FollowUp(Settings):
    """What a low score leads to."""

    kind: str = Field("call_back", pattern=NAME, description="Kind of the file that is opened.")
    minutes: int = Field(480, ge=1, le=100_000, description="By when somebody gets back to the customer, open minutes.")
    zh: str = Field("低分回访", min_length=1, max_length=40, description="What is promised, in Chinese.")
    en: str = Field(
        "Call back after a low score", min_length=1, max_length=80, description="What is promised, in English."
    )

    def label(self, language: Language) -> str:
        """What is promised."""
        return self.zh if language is Language.ZH else self.en


class Questionnaire(Settings):
    """Some questions, and after what they are asked."""

    name: str = Field(pattern=NAME, description="Stable name; results are counted under it.")
    zh: str = Field(min_length=1, max_length=20, description="Label in Chinese.")
    en: str = Field(min_length=1, max_length=40, description="Label in English.")
    after: tuple[Why, ...] = Field(min_length=1, description="case_closed, conversation_resolved, follow_up, periodic.")
    kinds: tuple[str, ...] = Field((), description="Only after files of these kinds; [] = after all.")
    share: float = Field(1.0, gt=0, le=1, description="Share of the customers who are asked, drawn with the seed.")
    every_days: int = Field(90, ge=7, le=730, description="A periodic one: days between two times.")
    questions: tuple[Asking, ...] = Field(min_length=1, max_length=10, description="Its questions, in order.")

    @field_validator("questions")
    @classmethod
    def _check_questions(cls, questions: tuple[Asking, ...]) -> tuple[Asking, ...]:
        names = [question.name for question in questions]
        if len(set(names)) != len(names):
            message = "every question once"
            raise ValueError(message)
        if questions[0].form is QuestionForm.TEXT:
            message = "the first question has buttons; words are asked for afterwards"
            raise ValueError(message)
        return questions

    def label(self, language: Language) -> str:
        """What people read for it."""
        return self.zh if language is Language.ZH else self.en


SATISFIED = Asking(
    name="satisfied",
    form=QuestionForm.STARS,
    measure=Measure.CSAT,
    zh="您对这次处理满意吗？",
    en="How satisfied are you with how this was handled?",
    low=2,
)
EASY = Asking(
    name="easy",
    form=QuestionForm.SCALE,
    measure=Measure.EFFORT,
    lowest=1,
    highest=7,
    zh="办这件事对您来说容易吗？1 很难，7 很容易",
    en="How easy did we make it for you? 1 very hard, 7 very easy",
)
RECOMMEND = Asking(
    name="recommend",
    form=QuestionForm.SCALE,
    measure=Measure.NPS,
    lowest=0,
    highest=10,
    zh="您有多大可能把我们推荐给朋友？0 完全不可能，10 非常可能",
    en="How likely are you to recommend us to a friend? 0 not at all, 10 very likely",
)
REPAIRED = Asking(
    name="satisfied",
    form=QuestionForm.STARS,
    measure=Measure.CSAT,
    low=2,
    zh="您对这次维修服务满意吗？",
    en="How satisfied are you with this repair?",
)
IN_TIME = Asking(
    name="in_time",
    form=QuestionForm.CHOICE,
    zh="是否按约定的时间完成？",
    en="Was it done by the time we agreed?",
    choices=(
        Named(name="yes", zh="按时", en="Yes"),
        Named(name="late", zh="晚了", en="Later"),
        Named(name="no_time", zh="没有约定时间", en="No time was agreed"),
    ),
)
BETTER = Asking(
    name="better",
    form=QuestionForm.CHOICE,
    zh="哪一点最该改进？",
    en="What should we improve first?",
    choices=(
        Named(name="speed", zh="速度", en="Speed"),
        Named(name="attitude", zh="态度", en="Manner"),
        Named(name="solution", zh="解决方案", en="The solution"),
        Named(name="nothing", zh="都很好", en="Nothing, all was fine"),
    ),
)
WORDS = Asking(
    name="words",
    form=QuestionForm.TEXT,
    zh="还有什么想对我们说的吗？",
    en="Is there anything else you want to tell us?",
)
QUESTIONNAIRES = (
    Questionnaire(
        name="after_case",
        zh="处理满意度",
        en="How it was handled",
        after=(Why.CASE_CLOSED, Why.FOLLOWED_UP),
        kinds=("complaint", "return_refund"),
        questions=(SATISFIED, EASY, BETTER, WORDS),
    ),
    Questionnaire(
        name="after_repair",
        zh="维修满意度",
        en="How the repair was",
        after=(Why.CASE_CLOSED, Why.FOLLOWED_UP),
        kinds=("repair", "visit"),
        questions=(REPAIRED, IN_TIME, WORDS),
    ),
    Questionnaire(
        name="after_chat",
        zh="会话满意度",
        en="How the chat was",
        after=(Why.CONVERSATION_RESOLVED,),
        questions=(SATISFIED, WORDS),
    ),
    Questionnaire(
        name="relationship",
        zh="推荐意愿",
        en="Recommendation",
        after=(Why.PERIODIC,),
        share=0.1,
        every_days=90,
        questions=(RECOMMEND, WORDS),
    ),
)


class SurveySettings(Settings):
    """Satisfaction surveys."""

    questionnaires: tuple[Questionnaire, ...] = Field(
        QUESTIONNAIRES, description="What is asked and after what; the first that fits is taken; [] = nothing is asked."
    )
    quiet_days: int = Field(30, ge=0, le=365, description="A customer is asked at most once in so many days.")
    never_tags: tuple[str, ...] = Field(
        ("spam", "垃圾信息"), description="Customers of conversations with one of these tags are never asked."
    )
    open_days: int = Field(14, ge=1, le=90, description="Days in which a survey can be answered.")
    change_minutes: int = Field(60, ge=0, le=10_080, description="Minutes in which an answer can be changed.")
    seed: int = Field(2026, ge=0, description="Seed of the random samples: the same seed draws the same customers.")
    follow_up: FollowUp = FollowUp()

    @field_validator("questionnaires")
    @classmethod
    def _named_once(cls, questionnaires: tuple[Questionnaire, ...]) -> tuple[Questionnaire, ...]:
        names = [questionnaire.name for questionnaire in questionnaires]
        if len(set(names)) != len(names):
            message = "every questionnaire once"
            raise ValueError(message)
        return questionnaires

    def for_(self, why: Why, kind: str | None) -> Questionnaire | None:
        """The questionnaire for an occasion; `kind` is that of the file, where there is one."""
        return next(
            (each for each in self.questionnaires if why in each.after and (not each.kinds or kind in each.kinds)), None
        )

    def label(self, name: str, language: Language) -> str:
        """What people read for a questionnaire."""
        return next((each.label(language) for each in self.questionnaires if each.name == name), name)
