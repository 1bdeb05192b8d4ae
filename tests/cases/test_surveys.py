from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from cases.contracts import Case, CaseQuery
from cases.contracts.clocks import ClockKind
from cases.contracts.surveys import Answer, Measure, SurveyReply, SurveyViewer, Took, Why
from cases.settings import CaseSettings
from cases.surveys.figures import bootstrapped, figure, wilson
from cases.surveys.periodic import Rounds
from cases.surveys.sampling import drawn
from kit.contracts import Language
from kit.sql import Database
from tests.cases.support import MEI, Files, a_complaint, build_files
from tests.support.clock import MovableClock

BOSS = SurveyViewer(id="boss", watches=True)
AGENT = SurveyViewer(id=MEI.id, watches=False)


async def closed(files: Files, key: str = "turn-1", talk: str = "talk-1") -> Case:
    """A complaint of a conversation, carried to its end and confirmed by the customer."""
    case = await files.open(a_complaint(key, conversation_id=talk))
    await files.go(case, "confirmed", "assigned", "working", "decided", "told")
    return await files.customer_says(case, settled=True)


async def offer(files: Files, talk: str, key: str | None = None) -> bool:
    """Somebody resolves a conversation; whether its customer is asked."""
    offered = await files.database.write(
        lambda tx: files.offering.offer(
            tx,
            case_id=None,
            conversation_id=talk,
            why=Why.CONVERSATION_RESOLVED,
            at=files.clock(),
            about=MEI,
            key=key,
        )
    )
    return offered is not None


async def press(files: Files, button: str, talk: str = "talk-1") -> SurveyReply | None:
    return await files.database.write(lambda tx: files.answers.press(tx, talk, button, at=files.clock()))


def survey_id(files: Files) -> str:
    """The survey that was asked last."""
    return list(files.letters.asked)[-1].removeprefix("survey:")


async def lines(files: Files, survey: str) -> tuple[Answer, ...]:
    found = await files.survey_store.find(survey)
    assert found is not None
    return found[1]


def test_a_share_has_wilsons_interval() -> None:
    found = wilson(8, 10)
    assert found is not None
    assert (round(found.low or 0, 4), found.value, round(found.high or 0, 4)) == (0.4902, 0.8, 0.9433)
    assert wilson(0, 0) is None
    none_yet = wilson(0, 4)
    assert none_yet is not None
    assert none_yet.low == 0
    assert (none_yet.high or 0) > 0.4


def test_csat_counts_four_and_five_and_nps_promoters_less_detractors() -> None:
    csat, nps = figure(Measure.CSAT, {5: 3, 4: 1, 3: 2, 1: 2}), figure(Measure.NPS, {10: 6, 9: 2, 7: 8, 6: 3, 0: 1})
    assert csat is not None
    assert csat.value == 0.5
    assert nps is not None
    assert nps.value == pytest.approx(0.2)
    assert (nps.low or 1) < 0.2 < (nps.high or 0)
    assert figure(Measure.NPS, {10: 6, 9: 2, 7: 8, 6: 3, 0: 1}) == nps  # the same draw every time


def test_a_bootstrap_of_few_answers_claims_no_interval() -> None:
    few = bootstrapped({7: 9}, {7: 7.0})
    assert few is not None
    assert (few.value, few.low, few.high) == (7.0, None, None)


def test_a_sample_draws_its_share_and_the_same_customers_again() -> None:
    first = [drawn(1, "chat", f"talk-{number}", 0.2) for number in range(5000)]
    assert 900 < sum(first) < 1100
    assert first == [drawn(1, "chat", f"talk-{number}", 0.2) for number in range(5000)]
    assert first != [drawn(2, "chat", f"talk-{number}", 0.2) for number in range(5000)]


async def test_a_closed_case_asks_its_customer_once_in_the_words_of_the_settings(files: Files) -> None:
    case = await closed(files)
    [asked] = files.letters.asked.values()
    assert [button.id.rsplit(":", 1)[1] for button in asked.buttons] == ["5", "4", "3", "2", "1"]
    [(survey, answers)] = await files.results.of_case(case.id, BOSS)
    assert (survey.why, survey.conversation_id, answers) == (Why.CASE_CLOSED, "talk-1", ())


async def test_a_customer_is_asked_at_most_once_in_the_quiet_time(files: Files) -> None:
    assert await offer(files, "talk-1", "a")
    assert not await offer(files, "talk-1", "b")
    assert await offer(files, "talk-2", "c")
    files.clock.forward(minutes=30 * 24 * 60 + 1)
    assert await offer(files, "talk-1", "d")
    assert not await offer(files, "talk-1", "d")


async def test_while_a_complaint_of_the_conversation_is_open_only_its_own_survey_asks(files: Files) -> None:
    case = await files.open(a_complaint("turn-1", conversation_id="talk-1"))
    promised = await files.open(a_complaint("turn-2", kind="call_back", conversation_id="talk-2"))
    assert not await offer(files, "talk-1", "a")
    assert await offer(files, "talk-2", "b"), promised.number  # what no survey follows keeps none from being asked
    await files.go(case, "confirmed", "assigned", "working", "decided", "told")
    await files.customer_says(case, settled=True)
    [(survey, _)] = await files.results.of_case(case.id, BOSS)
    assert survey.why is Why.CASE_CLOSED
    files.clock.forward(minutes=30 * 24 * 60 + 1)
    assert await offer(files, "talk-1", "c")


async def test_of_many_occasions_at_once_one_asks(files: Files) -> None:
    asked = await asyncio.gather(*(offer(files, "talk-1", f"key-{number}") for number in range(8)))
    assert sum(asked) == 1
    assert len(files.letters.asked) == 1


async def test_withdrawn_complaints_and_other_kinds_ask_nothing(files: Files) -> None:
    case = await files.open()
    await files.database.write(lambda tx: files.cases.withdraw(tx, case.id, by="customer", at=files.clock()))
    other = await files.open(a_complaint("s", kind="suggestion", conversation_id="talk-9"))
    await files.go(other, "working", "told", "closed")
    assert not files.letters.asked


async def test_an_old_button_pressed_twice_counts_once(files: Files) -> None:
    await closed(files)
    survey = survey_id(files)
    first = await press(files, f"survey:{survey}:satisfied:4")
    assert first is not None
    assert (first.took, first.next and first.next.name) == (Took.ASKED_ON, "easy")
    again = await press(files, f"survey:{survey}:satisfied:4")
    assert again is not None
    assert again.took is Took.KEPT
    assert [(line.question, line.value) for line in await lines(files, survey)] == [("satisfied", 4)]


async def test_a_change_of_mind_counts_in_time_and_not_afterwards(files: Files) -> None:
    await closed(files)
    survey = survey_id(files)
    await press(files, f"survey:{survey}:satisfied:3")
    files.clock.forward(minutes=59)
    changed = await press(files, f"survey:{survey}:satisfied:5")
    files.clock.forward(minutes=2)
    late = await press(files, f"survey:{survey}:satisfied:1")
    assert changed is not None
    assert late is not None
    assert (changed.took, late.took) == (Took.CHANGED, Took.KEPT)
    assert [line.value for line in await lines(files, survey)] == [3, 5]
    [result] = (await files.results.between(files.clock() - timedelta(days=1), files.clock(), BOSS)).surveys
    assert result.questions[0].counts == {5: 1}


async def test_another_conversations_button_and_made_up_ones_are_nothing(files: Files) -> None:
    await closed(files)
    survey = survey_id(files)
    for button in (f"survey:{survey}:satisfied:9", f"survey:{survey}:nothing:1", "survey:x:satisfied:1", "survey:x"):
        assert await press(files, button) is None
    assert await press(files, f"survey:{survey}:satisfied:5", talk="talk-2") is None
    assert await lines(files, survey) == ()


async def test_a_survey_ends(files: Files) -> None:
    await closed(files)
    files.clock.forward(minutes=14 * 24 * 60 + 1)
    reply = await press(files, f"survey:{survey_id(files)}:satisfied:5")
    assert reply is not None
    assert reply.took is Took.LATE


async def test_words_end_a_survey_and_are_shown_to_supervisors_only(files: Files) -> None:
    case = await closed(files)
    survey = survey_id(files)
    for answer in ("satisfied:5", "easy:7", "better:1"):
        await press(files, f"survey:{survey}:{answer}")
    reply = await files.database.write(
        lambda tx: files.answers.write(tx, "talk-1", f"{survey}:words", "快一点就好", at=files.clock())
    )
    assert reply is not None
    assert reply.took is Took.THANKED
    since, until = files.clock() - timedelta(days=1), files.clock() + timedelta(days=1)
    seen, hidden = await files.results.between(since, until, BOSS), await files.results.between(since, until, AGENT)
    assert [comment.text for comment in seen.comments] == ["快一点就好"]
    assert hidden.comments == ()
    assert hidden.surveys == seen.surveys
    [(_, of_boss)], [(_, of_agent)] = (
        await files.results.of_case(case.id, BOSS),
        await files.results.of_case(case.id, AGENT),
    )
    assert (len(of_boss), of_agent) == (4, ())


async def test_a_colleague_sees_the_own_figure_and_a_supervisor_everybodys(files: Files) -> None:
    for number, stars in enumerate((5, 4, 1)):
        await offer(files, f"talk-{number}", f"key-{number}")
        await press(files, f"survey:{survey_id(files)}:satisfied:{stars}", talk=f"talk-{number}")
    since, until = files.clock() - timedelta(days=1), files.clock() + timedelta(days=1)
    [line] = (await files.results.between(since, until, AGENT)).agents
    assert (line.agent_name, line.offered, line.csat and round(line.csat.value, 3)) == (MEI.name, 3, 0.667)
    stranger = SurveyViewer(id="agent-other", watches=False)
    assert (await files.results.between(since, until, stranger)).agents == ()
    assert len((await files.results.between(since, until, BOSS)).agents) == 1


async def test_a_low_score_opens_one_call_back_with_a_promise(files: Files) -> None:
    case = await closed(files)
    survey = survey_id(files)
    low = await press(files, f"survey:{survey}:satisfied:1")
    assert low is not None
    assert low.promised_at is not None
    again = await press(files, f"survey:{survey}:satisfied:2")
    assert again is not None
    assert again.promised_at is None
    page = await files.cases.page(CaseQuery(kind="call_back"))
    [opened] = page.cases
    file = await files.cases.load(opened.number)
    assert case.number in opened.what_happened
    assert [clock.due_at for clock in file.clocks if clock.kind is ClockKind.CALL_BACK] == [low.promised_at]
    [(kept, _)] = await files.results.of_case(case.id, BOSS)
    assert kept.follow_up == opened.number


async def test_the_page_takes_all_answers_at_once_and_a_second_time_changes_them(files: Files) -> None:
    await closed(files)
    survey = survey_id(files)
    values = {"satisfied": 5, "easy": 6, "better": 4, "nothing": 3}
    assert await files.answers.fill(survey, values, {"words": "好"}) is Took.THANKED
    assert await files.answers.fill(survey, values, {"words": "好"}) is Took.KEPT
    assert await files.answers.fill(survey, {"satisfied": 4}, {}) is Took.THANKED
    assert [line.value for line in await lines(files, survey)] == [5, 6, 4, None, 4]
    assert await files.answers.fill("unknown", values, {}) is Took.LATE


async def test_the_response_rate_counts_answered_of_sent(files: Files) -> None:
    for number in range(4):
        await offer(files, f"talk-{number}", f"key-{number}")
    await press(files, f"survey:{survey_id(files)}:satisfied:5", talk="talk-3")
    [result] = (
        await files.results.between(files.clock() - timedelta(days=1), files.clock() + timedelta(days=1), BOSS)
    ).surveys
    assert result.response is not None
    assert (result.offered, result.response.value) == (4, 0.25)


def test_settings_refuse_a_survey_that_cannot_work() -> None:
    stars = {"name": "a", "form": "stars", "zh": "满意吗", "en": "Well?"}
    for broken in (
        {**stars, "measure": "nps"},
        {**stars, "form": "choice"},
        {**stars, "form": "text"},
        {**stars, "form": "scale", "lowest": 5, "highest": 5},
    ):
        with pytest.raises(ValueError, match=r"question|first"):
            CaseSettings.model_validate(
                {
                    "surveys": {
                        "questionnaires": [
                            {"name": "x", "zh": "某", "en": "x", "after": ["periodic"], "questions": [broken]}
                        ]
                    }
                }
            )
    with pytest.raises(ValueError, match="there is no kind"):
        CaseSettings.model_validate({"surveys": {"follow_up": {"kind": "nothing"}}})


async def test_a_desk_without_questionnaires_asks_nothing(database: Database, clock: MovableClock) -> None:
    settings = CaseSettings.model_validate({"surveys": {"questionnaires": []}})
    files = build_files(database, clock, settings)
    await closed(files)
    assert not files.letters.asked


class Talks:
    """Conversations in which something was said lately."""

    def __init__(self, count: int) -> None:
        self.ids = [f"talk-{number:04}" for number in range(count)]

    async def lately(self, since: datetime, *, after: str, limit: int) -> tuple[str, ...]:
        return tuple(each for each in self.ids if each > after)[:limit]


async def test_a_round_asks_its_share_once_and_each_on_a_day_of_their_own(files: Files) -> None:
    rounds = Rounds(
        transactions=files.database,
        store=files.survey_store,
        offering=files.offering,
        customers=files.letters,
        reach=Talks(600),
        rules=files.keeper.rules,
    )
    files.clock.forward(hours=24 * (90 - files.clock().toordinal() % 90))  # the first day of a round
    asked = [await rounds.run_due(files.clock())]
    assert await rounds.run_due(files.clock()) == 0
    for _ in range(89):
        files.clock.forward(days=1)
        asked.append(await rounds.run_due(files.clock()))
    assert 35 < sum(asked) < 90  # a tenth of 600
    assert len(files.letters.asked) == sum(asked)
    assert max(asked) < 10


async def test_nobody_is_asked_at_night(files: Files) -> None:
    rounds = Rounds(
        transactions=files.database,
        store=files.survey_store,
        offering=files.offering,
        customers=files.letters,
        reach=Talks(600),
        rules=files.keeper.rules,
    )
    files.clock.forward(hours=14)  # midnight in Shanghai
    assert await rounds.run_due(files.clock()) == 0


async def test_a_customer_whose_conversation_was_marked_as_spam_is_never_asked(files: Files) -> None:
    files.marks.tags["talk-1"] = frozenset({"Spam"})
    await closed(files)
    assert not await offer(files, "talk-1")
    assert files.letters.asked == {}
    files.marks.tags.clear()
    assert await offer(files, "talk-1")


async def test_a_repair_is_asked_about_as_a_repair(files: Files) -> None:
    case = await files.open(a_complaint("repair", kind="repair"))
    await files.go(case, "confirmed", "working", "decided", "told")
    await files.customer_says(case, settled=True)
    [asked] = files.letters.asked.values()
    assert asked.words[Language.ZH] == "您对这次维修服务满意吗？"
    [(survey, _)] = await files.results.of_case(case.id, BOSS)
    await files.answers.fill(survey.id, {"satisfied": 5, "in_time": 1}, {})
    results = await files.results.between(files.clock() - timedelta(days=1), files.clock() + timedelta(days=1), BOSS)
    [repairs] = [each for each in results.surveys if each.name == "after_repair"]
    assert (repairs.offered, repairs.questions[0].counts) == (1, {5: 1})
