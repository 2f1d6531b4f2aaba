"""Whistle: who is called, who judges, and that nothing but the duty done stops the clock."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.petitions.domain.ladder import WhistleRung
from services.petitions.domain.whistle import can, whistle
from services.petitions.domain.whistle_commands import (
    Accept,
    Blow,
    CallOff,
    ForgetWhistler,
    Refuse,
    Report,
    ReportWritten,
    WhistleDescribed,
    WhistleForgotten,
    WhistleUp,
    WhistleWord,
)
from services.petitions.domain.whistle_course import due
from services.petitions.domain.whistle_ladder import RungSkipped, WhistleFacts
from services.petitions.domain.whistle_state import Status, Whistle
from shared.contracts.petitions import (
    WhistleBlown,
    WhistleCalled,
    WhistleClimbed,
    WhistleClosed,
    WhistleOverdue,
    WhistleReportAccepted,
    WhistleReported,
    WhistleReportRefused,
    WhistleReportUnjudged,
)
from shared.contracts.types import Level
from shared.runtime.aggregate import Command, Tick
from tests.given import Given, given
from tests.services.petitions.town import (
    CALENDAR,
    COMMUNITY_SECRETARY,
    MONDAY,
    PATH,
    RESIDENT,
    STREET_OFFICER,
    TUESDAY,
    WORKING_DAY,
    local,
)

ID = "w1"
COMPANY, COMMITTEE = "manager-ke", "chair-hong"
DAY = timedelta(days=1)
RUNGS = (
    WhistleRung(Level.NEIGHBOURHOOD, "banyan", "property-company", WORKING_DAY, COMPANY),
    WhistleRung(Level.NEIGHBOURHOOD, "banyan", "owners-committee", WORKING_DAY, COMMITTEE),
    WhistleRung(
        Level.COMMUNITY, "xingang", "party-secretary", 2 * WORKING_DAY, COMMUNITY_SECRETARY
    ),
    WhistleRung(Level.STREET, "luoxing", "street-director", 3 * WORKING_DAY, STREET_OFFICER),
)
FACTS = WhistleFacts(ID, PATH, RUNGS, CALENDAR, judge_within=3 * DAY)
BLOW = Blow(
    by=RESIDENT, place="banyan", category="parking", title="消防通道", text="被堵了", petition="p1"
)
REPORT = Report(by=COMPANY, text="已拖走")
REFUSE = Refuse(by=RESIDENT, reason="第二天又堵了")


def unheld(*duties: str) -> WhistleFacts:
    """The same ladder with nobody in these duties."""
    rungs = tuple(replace(r, holder=None) if r.duty in duties else r for r in RUNGS)
    return replace(FACTS, rungs=rungs)


def whistled(*more: tuple[Command, datetime], facts: WhistleFacts = FACTS) -> Given[Whistle]:
    """A whistle blown on Monday morning, and what followed."""
    past = given(whistle)
    for command, at in ((BLOW, MONDAY), *more):
        happened = past.when(command, at=at, facts=facts)
        assert happened.rejected is None, f"{command}: {happened.rejected}"
        past = happened.then(*happened.events)
    return past


def called(
    n: int, report_by: datetime, because: str, judge: str = RESIDENT, person: str | None = ""
) -> WhistleCalled:
    rung = RUNGS[n]
    return WhistleCalled(
        whistle=ID,
        level=rung.level,
        place=rung.place,
        duty=rung.duty,
        called=rung.holder if person == "" else person,
        report_by=report_by,
        because=because,
        judge=judge,
        category="parking",
        petition="p1",
    )


def climbed(before: int, n: int, because: str, whistler: str | None = None) -> WhistleClimbed:
    return WhistleClimbed(
        ID, RUNGS[before].level, RUNGS[n].level, RUNGS[n].place, because, whistler
    )


BLOWN = WhistleBlown(
    whistle=ID, by=RESIDENT, place="banyan", path=PATH, category="parking", petition="p1"
)


def test_a_resident_whistles_and_the_property_company_has_to_report() -> None:
    past = (
        given(whistle)
        .when(BLOW, at=MONDAY, facts=FACTS)
        .then(BLOWN, WhistleDescribed("消防通道", "被堵了"), called(0, local(3, 3, 18), "blown"))
    )
    assert (past.state.status, due(past.state)) == (Status.CALLED, local(3, 3, 18))


def test_rungs_that_nobody_holds_are_skipped() -> None:
    given(whistle).when(BLOW, at=MONDAY, facts=unheld("property-company", "owners-committee")).then(
        BLOWN,
        WhistleDescribed("消防通道", "被堵了"),
        RungSkipped("property-company", "banyan"),
        RungSkipped("owners-committee", "banyan"),
        called(2, local(3, 4, 18), "blown"),
    )


def test_where_nobody_holds_any_the_top_is_called_and_whoever_comes_reports() -> None:
    nobody = unheld(*(rung.duty for rung in RUNGS))
    past = given(whistle).when(BLOW, at=MONDAY, facts=nobody)
    state = past.then_among(called(3, local(3, 5, 18), "blown", person=None)).state
    assert due(state) == local(3, 5, 18)
    Given(whistle, state).when(Report("clerk", "已处理"), at=TUESDAY, facts=nobody).then_among(
        ReportWritten("clerk", "已处理")
    )
    Given(whistle, state).when(Report(RESIDENT, "我自己"), facts=nobody).then_rejected("not-called")


def test_who_holds_a_rung_whistles_for_the_one_above() -> None:
    own = replace(BLOW, by=COMMITTEE)
    given(whistle).when(own, at=MONDAY, facts=FACTS).then_among(
        called(2, local(3, 4, 18), "blown", COMMITTEE)
    )
    top = replace(BLOW, by=STREET_OFFICER)
    given(whistle).when(top, facts=FACTS).then_rejected("nobody-to-whistle-for")


def test_an_unknown_place_has_nobody_to_call() -> None:
    nowhere = replace(FACTS, path=(), rungs=())
    given(whistle).when(BLOW, facts=nowhere).then_rejected("unknown-place")


def test_the_one_who_whistled_accepts_the_report_with_stars() -> None:
    past = (
        whistled()
        .when(REPORT, at=MONDAY, facts=FACTS)
        .then(
            WhistleReported(
                ID, COMPANY, Level.NEIGHBOURHOOD, "banyan", True, RESIDENT, MONDAY + 3 * DAY
            ),
            ReportWritten(COMPANY, "已拖走"),
        )
        .when(Accept(by=RESIDENT, stars=4, word="很快"), at=TUESDAY, facts=FACTS)
        .then(
            WhistleReportAccepted(ID, RESIDENT, COMPANY, 4, None, None),
            WhistleClosed(
                ID, "rated", 4, Level.NEIGHBOURHOOD, "banyan", "parking", RESIDENT, COMPANY
            ),
            WhistleWord("accept", RESIDENT, "很快"),
        )
    )
    assert (past.state.status, due(past.state)) == (Status.CLOSED, None)
    past.when(REFUSE, facts=FACTS).then_rejected("whistle-closed")


def test_a_refused_report_calls_the_next_rung() -> None:
    whistled((REPORT, MONDAY)).when(REFUSE, at=TUESDAY, facts=FACTS).then(
        WhistleReportRefused(ID, RESIDENT, Level.NEIGHBOURHOOD, "banyan", COMPANY),
        WhistleWord("refuse", RESIDENT, "第二天又堵了"),
        climbed(0, 1, "refused"),
        called(1, local(3, 4, 18), "refused"),
    )


def test_only_who_whistled_judges_and_only_who_is_called_reports() -> None:
    past = whistled()
    past.when(Report(by=COMMITTEE, text="已办"), facts=FACTS).then_rejected("not-called")
    past.when(REFUSE, facts=FACTS).then_rejected("no-report")
    past.when(CallOff(by=COMPANY), facts=FACTS).then_rejected("not-whistler")
    done = whistled((REPORT, MONDAY))
    done.when(Accept(by=COMPANY, stars=5), facts=FACTS).then_rejected("not-judge")
    done.when(replace(REFUSE, by="neighbour"), facts=FACTS).then_rejected("not-judge")
    done.when(REPORT, facts=FACTS).then_rejected("reported")
    given(whistle).when(REPORT, facts=FACTS).then_rejected("no-whistle")


def test_who_took_over_the_duty_reports_too() -> None:
    successor = replace(FACTS, rungs=(replace(RUNGS[0], holder="manager-lu"), *RUNGS[1:]))
    whistled().when(Report("manager-lu", "已拖走"), facts=successor).then_among(
        ReportWritten("manager-lu", "已拖走")
    )


def test_silence_calls_the_next_rung() -> None:
    at = local(3, 3, 18)
    past = whistled()
    past.when(Tick(), at=at - timedelta(minutes=1), facts=FACTS).then()
    past.when(Tick(), at=at, facts=FACTS).then(
        WhistleOverdue(ID, Level.NEIGHBOURHOOD, "banyan", COMPANY, at, 0, RESIDENT, None),
        climbed(0, 1, "overdue"),
        called(1, local(3, 4, 18), "overdue"),
    )


def test_at_the_top_it_is_told_every_working_day() -> None:
    top = unheld("property-company", "owners-committee", "party-secretary")
    first, second = local(3, 5, 18), local(3, 6, 18)
    told = WhistleOverdue(ID, Level.STREET, "luoxing", STREET_OFFICER, first, 0, RESIDENT, second)
    past = whistled(facts=top).when(Tick(), at=first, facts=top).then(told)
    past.when(Tick(), at=second, facts=top).then(
        replace(told, days=1, again_at=local(3, 7, 18))
    ).when(Tick(), at=local(3, 12, 18), facts=top).then(
        replace(told, days=5, again_at=local(3, 13, 18))
    )
    past.when(Report(STREET_OFFICER, "已处理"), at=second, facts=top).then_among(
        WhistleReported(
            ID, STREET_OFFICER, Level.STREET, "luoxing", False, RESIDENT, second + 3 * DAY
        )
    )


def test_a_refusal_at_the_top_calls_the_top_again() -> None:
    top = unheld("property-company", "owners-committee", "party-secretary")
    past = whistled((Report(STREET_OFFICER, "已处理"), MONDAY), facts=top)
    past.when(REFUSE, at=TUESDAY, facts=top).then_among(
        called(3, local(3, 6, 18), "refused"),
    )


def test_a_report_that_nobody_judges_calls_the_next_rung() -> None:
    at = MONDAY + 3 * DAY
    past = whistled((REPORT, MONDAY))
    past.when(Tick(), at=at - timedelta(minutes=1), facts=FACTS).then()
    called_now = past.when(Tick(), at=at, facts=FACTS).then(
        WhistleReportUnjudged(ID, RESIDENT, Level.NEIGHBOURHOOD, "banyan", COMPANY, None, None),
        climbed(0, 1, "unjudged"),
        called(1, FACTS.report_by(RUNGS[1], at), "unjudged"),
    )
    assert called_now.state.judge == RESIDENT
    called_now.when(Report(COMMITTEE, "已办"), at=at, facts=FACTS).then_among(
        ReportWritten(COMMITTEE, "已办")
    ).when(Accept(by=RESIDENT, stars=5), at=at, facts=FACTS).then_among(
        WhistleReportAccepted(ID, RESIDENT, COMMITTEE, 5, None, None)
    )


def test_a_report_of_the_top_that_nobody_judges_ends_it_as_unjudged() -> None:
    top = unheld("property-company", "owners-committee", "party-secretary")
    report = Report(STREET_OFFICER, "已处理")
    past = whistled((report, MONDAY), facts=top).when(Tick(), at=MONDAY + 3 * DAY, facts=top)
    ended = past.then(
        WhistleReportUnjudged(ID, RESIDENT, Level.STREET, "luoxing", STREET_OFFICER, None, None),
        WhistleClosed(
            ID, "unjudged", None, Level.STREET, "luoxing", "parking", RESIDENT, STREET_OFFICER
        ),
    )
    assert (ended.state.status, due(ended.state)) == (Status.CLOSED, None)


def test_one_who_whistles_and_never_judges_hears_every_rung_and_then_the_end() -> None:
    past, at, reporters = whistled(), MONDAY, []
    while past.state.status is not Status.CLOSED:
        reporters.append(person := past.state.called or "")
        past = past.when(Report(person, "已办"), at=at, facts=FACTS).then_among(
            ReportWritten(person, "已办")
        )
        at += 3 * DAY
        happened = past.when(Tick(), at=at, facts=FACTS)
        past = happened.then(*happened.events)
    assert reporters == [rung.holder for rung in RUNGS]
    assert past.state.outcome == "unjudged"


def test_each_whistler_judges_and_the_first_rates_the_whole() -> None:
    up = WhistleUp(by=COMPANY, reason="车主不配合")
    further = WhistleUp(by=COMMITTEE, reason="要社区出面")
    past = (
        whistled()
        .when(up, at=MONDAY, facts=FACTS)
        .then(
            climbed(0, 1, "passed-on", COMPANY),
            called(1, local(3, 3, 18), "passed-on", COMPANY),
            WhistleWord("whistle-up", COMPANY, "车主不配合"),
        )
        .when(further, at=MONDAY, facts=FACTS)
        .then_among(called(2, local(3, 4, 18), "passed-on", COMMITTEE))
        .when(Report(COMMUNITY_SECRETARY, "已协调"), at=MONDAY, facts=FACTS)
        .then_among(ReportWritten(COMMUNITY_SECRETARY, "已协调"))
    )
    past.when(Accept(by=RESIDENT, stars=5), facts=FACTS).then_rejected("not-judge")
    company = past.when(Accept(by=COMMITTEE, stars=5), at=MONDAY, facts=FACTS).then(
        WhistleReportAccepted(ID, COMMITTEE, COMMUNITY_SECRETARY, 5, COMPANY, MONDAY + 3 * DAY)
    )
    slept = company.when(Tick(), at=MONDAY + 3 * DAY, facts=FACTS).then(
        WhistleReportUnjudged(
            ID,
            COMPANY,
            Level.COMMUNITY,
            "xingang",
            COMMUNITY_SECRETARY,
            RESIDENT,
            MONDAY + 6 * DAY,
        )
    )
    slept.when(Accept(by=RESIDENT, stars=5), at=MONDAY + 4 * DAY, facts=FACTS).then_among(
        WhistleClosed(
            ID, "rated", 5, Level.COMMUNITY, "xingang", "parking", RESIDENT, COMMUNITY_SECRETARY
        )
    )
    slept.when(REFUSE, at=MONDAY + 4 * DAY, facts=FACTS).then_among(climbed(2, 3, "refused"))
    slept.when(Tick(), at=MONDAY + 6 * DAY, facts=FACTS).then_among(climbed(2, 3, "unjudged"))


def test_the_top_cannot_whistle_any_further() -> None:
    top = unheld("property-company", "owners-committee", "party-secretary")
    up = WhistleUp(by=STREET_OFFICER, reason="无权")
    whistled(facts=top).when(up, facts=top).then_rejected("top-rung")


def test_nobody_is_called_by_their_own_whistle() -> None:
    both = replace(FACTS, rungs=(RUNGS[0], replace(RUNGS[1], holder=COMPANY), *RUNGS[2:]))
    whistled(facts=both).when(WhistleUp(COMPANY, "不行"), at=MONDAY, facts=both).then_among(
        RungSkipped("owners-committee", "banyan"),
        called(2, local(3, 4, 18), "passed-on", COMPANY),
    )


def test_the_first_whistler_calls_it_off() -> None:
    past = whistled().when(CallOff(by=RESIDENT, reason="车走了"), facts=FACTS)
    state = past.then_among(WhistleWord("call-off", RESIDENT, "车走了")).state
    assert (state.outcome, due(state)) == ("called-off", None)


def test_a_duty_that_left_the_ladder_is_climbed_from_all_the_same() -> None:
    shorter = replace(FACTS, rungs=RUNGS[1:])
    at = local(3, 3, 18)
    whistled().when(Tick(), at=at, facts=shorter).then_among(called(2, local(3, 5, 18), "overdue"))
    gone = replace(FACTS, rungs=())
    again = whistled((REPORT, MONDAY)).when(REFUSE, at=TUESDAY, facts=gone)
    again.then_among(called(0, local(3, 4, 18), "refused", person=None))


@pytest.mark.parametrize(
    ("past", "by", "verbs"),
    [
        (whistled(), COMPANY, {"report", "whistle-up"}),
        (whistled(), RESIDENT, {"call-off"}),
        (whistled((REPORT, MONDAY)), RESIDENT, {"accept", "refuse", "call-off"}),
        (whistled((REPORT, MONDAY)), COMPANY, set()),
    ],
)
def test_what_is_offered_depends_on_who_asks(
    past: Given[Whistle], by: str, verbs: set[str]
) -> None:
    assert can(past.state, by) == verbs


def test_an_erased_persons_whistle_is_called_off_and_forgotten() -> None:
    past = whistled().when(ForgetWhistler(RESIDENT), facts=FACTS)
    state = past.then_among(WhistleForgotten()).state
    assert (state.status, state.whistler, due(state)) == (Status.CLOSED, "", None)
    past.before.when(ForgetWhistler("somebody-else"), facts=FACTS).then()
