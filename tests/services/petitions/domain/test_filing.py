"""What follows when something is raised."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.petitions.domain.commands import Contact, Take
from services.petitions.domain.danger import Danger, Dangers
from services.petitions.domain.dossier import PetitionDescribed, PetitionPromised
from services.petitions.domain.ladder import Limits, Rung, Surroundings, ladder
from services.petitions.domain.petition import petition
from services.petitions.domain.state import Status
from shared.contracts.petitions import (
    PetitionAlarmed,
    PetitionAssigned,
    PetitionFiled,
    PetitionReachedLevel,
    PetitionTaken,
)
from shared.contracts.types import LEVELS, Level, PetitionKind, Urgency
from shared.runtime.aggregate import Tick
from tests.given import given
from tests.services.petitions.town import (
    COMMUNITY_SECRETARY,
    DISTRICT_OFFICER,
    FILE,
    GRID_HEAD,
    HOUR,
    ID,
    LIMITS,
    MONDAY,
    NOWHERE,
    PATH,
    RESIDENT,
    STREET_OFFICER,
    TOWN,
    WEDNESDAY,
    filed,
    local,
    told,
    unheld,
)

FILED = PetitionFiled(
    petition=ID,
    kind=PetitionKind.COMPLAINT,
    category="sanitation",
    urgency=Urgency.NORMAL,
    channel="web",
    place="banyan",
    path=PATH,
    petitioner=RESIDENT,
    raised_at=MONDAY,
)
PROMISED = PetitionPromised(filed_at=MONDAY, limits=LIMITS)
DESCRIBED = PetitionDescribed(title=FILE.title, text=FILE.text, contact=None)
AT_THE_NEIGHBOURHOOD = PetitionReachedLevel(
    petition=ID,
    level=Level.NEIGHBOURHOOD,
    place="banyan",
    answer_by=local(3, 4, 18),
    warn_at=local(3, 4, 12),
    because="filed",
    petitioner=RESIDENT,
)
TO_THE_GRID_HEAD = PetitionAssigned(
    petition=ID,
    assignee=GRID_HEAD,
    duty="sanitation",
    level=Level.NEIGHBOURHOOD,
    place="banyan",
    answer_by=local(3, 4, 18),
    category="sanitation",
    petitioner=RESIDENT,
)


def test_nothing_is_filed_for_a_closed_place_and_its_successors_are_named() -> None:
    gone = replace(TOWN, closed=True, instead=("banyan-2",))
    refused = given(petition).when(FILE, at=MONDAY, facts=gone)
    refused.then_rejected("place-closed")
    assert refused.rejected is not None
    assert refused.rejected.details["successors"] == "banyan-2"


def test_a_petition_goes_to_the_lowest_level_and_gets_a_person_a_duty_and_a_deadline() -> None:
    given(petition).when(FILE, at=MONDAY, facts=TOWN).then(
        FILED, PROMISED, DESCRIBED, AT_THE_NEIGHBOURHOOD, TO_THE_GRID_HEAD
    )


def test_what_it_came_of_goes_along_but_for_a_report_which_it_would_give_away() -> None:
    found = replace(FILE, channel="patrol", origin="patrol-finding:f1")
    told = replace(FILED, channel="patrol", origin="patrol-finding:f1")
    given(petition).when(found, at=MONDAY, facts=TOWN).then_among(told)
    assert given(petition, told).state.origin == "patrol-finding:f1"
    secret = replace(found, kind=PetitionKind.REPORT)
    given(petition).when(secret, at=MONDAY, facts=TOWN).then_among(
        replace(FILED, channel="patrol", kind=PetitionKind.REPORT, petitioner=None)
    )


def test_levels_whose_duty_nobody_holds_are_passed_over() -> None:
    given(petition).when(FILE, at=MONDAY, facts=unheld(Level.NEIGHBOURHOOD)).then_among(
        replace(
            AT_THE_NEIGHBOURHOOD,
            level=Level.COMMUNITY,
            place="xingang",
            answer_by=local(3, 5, 18),
            warn_at=local(3, 5, 10, 15),
        )
    )


def test_where_nobody_holds_the_duty_the_clock_runs_at_the_lowest_level() -> None:
    given(petition).when(FILE, at=MONDAY, facts=unheld(*LEVELS)).then(
        FILED, PROMISED, DESCRIBED, AT_THE_NEIGHBOURHOOD
    )
    assert filed(facts=unheld(*LEVELS)).state.status is Status.UNASSIGNED


def test_an_unassigned_one_can_be_taken_over() -> None:
    nobody = unheld(*LEVELS)
    filed(facts=nobody).when(Take(by="volunteer"), at=WEDNESDAY, facts=nobody).then(
        replace(TO_THE_GRID_HEAD, assignee="volunteer"),
        PetitionTaken(
            petition=ID, assignee="volunteer", level=Level.NEIGHBOURHOOD, petitioner=RESIDENT
        ),
    )


def test_an_unknown_place_is_refused() -> None:
    given(petition).when(FILE, facts=NOWHERE).then_rejected("unknown-place")


def test_a_place_in_whose_path_is_no_level_is_refused() -> None:
    given(petition).when(FILE, facts=replace(TOWN, rungs=())).then_rejected("unknown-place")


def test_an_unknown_category_is_refused() -> None:
    given(petition).when(FILE, facts=replace(TOWN, limits=None)).then_rejected("unknown-category")


def test_the_clock_runs_from_now_whenever_it_was_first_raised() -> None:
    long_ago = datetime(2019, 4, 25, 1, 32, 9, tzinfo=UTC)
    given(petition).when(replace(FILE, raised_at=long_ago), at=MONDAY, facts=TOWN).then(
        replace(FILED, raised_at=long_ago),
        PROMISED,
        DESCRIBED,
        AT_THE_NEIGHBOURHOOD,
        TO_THE_GRID_HEAD,
    )


def test_it_cannot_have_been_raised_in_the_future() -> None:
    given(petition).when(replace(FILE, raised_at=WEDNESDAY), at=MONDAY, facts=TOWN).then_rejected(
        "raised-later"
    )


def test_a_time_without_a_zone_is_refused() -> None:
    given(petition).when(
        replace(FILE, raised_at=datetime(2019, 4, 25, 9, 32)), at=MONDAY, facts=TOWN
    ).then_rejected("raised-without-zone")


@pytest.mark.parametrize("petitioner", [None, "resident-fang"])
def test_the_hotline_desk_files_for_somebody_else(petitioner: str | None) -> None:
    desk = replace(FILE, by="desk-1", channel="hotline", on_behalf=True, petitioner=petitioner)
    past = given(petition).when(desk, at=MONDAY, facts=TOWN)
    past.then_among(replace(FILED, channel="hotline", petitioner=petitioner))


def test_nobody_files_in_anothers_name_by_accident() -> None:
    assert filed().state.petitioner == RESIDENT
    misled = replace(FILE, petitioner="resident-fang")
    given(petition).when(misled, at=MONDAY, facts=TOWN).then_among(FILED)


def test_words_and_names_stay_out_of_the_state() -> None:
    contact = Contact(name="林大爷", phone="13800000000", address="25号楼")
    full = replace(FILE, contact=contact)
    described = replace(DESCRIBED, contact=contact)
    past = given(petition).when(full, at=MONDAY, facts=TOWN)
    state = past.then(FILED, PROMISED, described, AT_THE_NEIGHBOURHOOD, TO_THE_GRID_HEAD).state
    for secret in ("林大爷", "13800000000", "25号楼", FILE.title, FILE.text):
        assert secret not in repr(state)


def test_it_is_filed_once() -> None:
    filed().when(FILE, facts=TOWN).then_rejected("already-filed")


def test_nothing_can_be_done_with_what_was_never_filed() -> None:
    given(petition).when(Take(by=GRID_HEAD), facts=TOWN).then_rejected("not-filed")


def test_the_ladder_takes_the_fittest_duty_that_is_held() -> None:
    posts = {("xingang", "petitions"): "lian", ("banyan", "sanitation"): "chen"}
    rungs = ladder(
        [(Level.STREET, "luoxing"), (Level.COMMUNITY, "xingang"), (Level.NEIGHBOURHOOD, "banyan")],
        Limits(duties=("sanitation", "petitions")),
        lambda place, duty: posts.get((place, duty)),
    )
    assert rungs == (
        Rung(Level.NEIGHBOURHOOD, "banyan", "sanitation", "chen"),
        Rung(Level.COMMUNITY, "xingang", "petitions", "lian"),
        Rung(Level.STREET, "luoxing", "sanitation", None),
    )


# --- danger ---------------------------------------------------------------------------------------

GAS = Danger("gas", ("煤气味", "燃气泄漏"), unless_after=("没有",))
CLOCK = Limits(answer=dict.fromkeys(LIMITS.answer, HOUR), clock=True)
DANGEROUS = replace(TOWN, dangers=Dangers((GAS,)), danger_limits=CLOCK)


def test_danger_is_told_to_two_levels_at_once_and_its_deadline_runs_through_the_night() -> None:
    night = local(3, 8, 23)  # a Saturday
    gas = replace(FILE, text="楼道里有很重的煤气味")
    past = given(petition).when(gas, at=night, facts=DANGEROUS)
    state = past.then_among(
        PetitionAlarmed(
            petition=ID,
            danger="gas",
            category="sanitation",
            level=Level.NEIGHBOURHOOD,
            place="banyan",
            called=(GRID_HEAD, COMMUNITY_SECRETARY),
            answer_by=night + HOUR,
        )
    ).state
    assert (state.urgency, state.danger, state.answer_by) == (Urgency.URGENT, "gas", night + HOUR)


@pytest.mark.parametrize(
    ("vacant", "called"),
    [
        ((Level.AREA,), (GRID_HEAD, COMMUNITY_SECRETARY)),
        ((Level.AREA, Level.COMMUNITY), (GRID_HEAD, STREET_OFFICER)),
        ((Level.NEIGHBOURHOOD, Level.AREA), (COMMUNITY_SECRETARY, STREET_OFFICER)),
        (LEVELS[:4], (DISTRICT_OFFICER,)),
        (LEVELS, ()),
    ],
)
def test_danger_passes_vacant_posts_over(
    vacant: tuple[Level, ...], called: tuple[str, ...]
) -> None:
    facts = replace(DANGEROUS, rungs=unheld(*vacant).rungs)
    assert alarmed(facts).called == called


def test_danger_passes_vacant_posts_over_where_the_category_begins_below_them() -> None:
    lowest = replace(CLOCK, highest=Level.AREA)
    rungs = unheld(Level.NEIGHBOURHOOD, Level.AREA).rungs
    alarm = alarmed(replace(DANGEROUS, danger_limits=lowest, rungs=rungs))
    assert alarm.level is Level.NEIGHBOURHOOD
    assert alarm.called == (COMMUNITY_SECRETARY, STREET_OFFICER)


def test_danger_calls_two_people_where_one_has_two_levels() -> None:
    grid, area, *above = TOWN.rungs
    facts = replace(DANGEROUS, rungs=(grid, replace(area, holder=GRID_HEAD), *above))
    assert alarmed(facts).called == (GRID_HEAD, COMMUNITY_SECRETARY)


def alarmed(facts: Surroundings) -> PetitionAlarmed:
    gas = replace(FILE, text="楼道里有很重的煤气味")
    (alarm,) = [
        event
        for event in given(petition).when(gas, at=local(3, 8, 23), facts=facts).events
        if isinstance(event, PetitionAlarmed)
    ]
    return alarm


def test_what_is_no_danger_alarms_nobody() -> None:
    calm = replace(FILE, text="修好了，没有煤气味了")
    events = given(petition).when(calm, at=MONDAY, facts=DANGEROUS).events
    assert not any(isinstance(event, PetitionAlarmed) for event in events)


def test_a_danger_that_nobody_answers_climbs_by_the_clock() -> None:
    night = local(3, 8, 23)
    gas = replace(FILE, text="燃气泄漏")
    past = told((gas, night), (Tick(), night + HOUR), facts=DANGEROUS)
    if past.state.level is Level.NEIGHBOURHOOD:  # the warning came first
        past = told((gas, night), (Tick(), night + HOUR), (Tick(), night + HOUR), facts=DANGEROUS)
    assert (past.state.level, past.state.answer_by) == (Level.AREA, night + 2 * HOUR)


def test_the_category_says_which_kinds_and_the_city_which_channels_there_are() -> None:
    narrow = replace(TOWN, kinds=frozenset({PetitionKind.QUESTION}))
    given(petition).when(FILE, facts=narrow).then_rejected("kind-unfit")
    phone = replace(TOWN, channels=frozenset({"hotline"}))
    given(petition).when(FILE, facts=phone).then_rejected("unknown-channel")
