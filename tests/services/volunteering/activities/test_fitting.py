"""Who is fit stays so, or gives up what they have: when an activity moves, a guardian consents to
less, a training is struck; and nobody unfit checks in.
"""

from dataclasses import replace
from datetime import timedelta

from services.volunteering.domain.activities.commands import (
    CheckIn,
    CheckInFor,
    CheckInHere,
    LookAgain,
    MoveActivity,
    SignUp,
)
from services.volunteering.domain.activities.outline import Role
from services.volunteering.domain.activities.state import Surroundings
from services.volunteering.domain.teams.volunteer_state import Membership, Training, Volunteer
from shared.contracts.volunteering.activities import (
    ActivityOfferEnded,
    ActivityPlaceGivenUp,
    ActivityPlaceOffered,
    ActivityWaitingEnded,
)
from shared.contracts.volunteering.hours import Work
from tests.services.volunteering.activities.cleaning import (
    AN,
    BEGIN,
    BO,
    CAPTAIN,
    CHEN,
    CODE,
    DAY,
    DENG,
    DEPUTY,
    EARLIER,
    END,
    GROWN_UP,
    HOUR,
    ID,
    KNOWN,
    MEETING,
    MINUTE,
    PLACE,
    TEAM,
    Life,
    joined,
    opened,
)

CHILD = Volunteer(
    registered=True,
    birth_year=2012,
    guardian=BO,
    guardian_confirmed=True,
    consent_until=BEGIN + 30 * DAY,
    consent_works=(Work.ACTIVITY,),
    consent_latest=20 * 60,
)
"""Somebody whose guardian allows activities until 20:00."""
LATE_END = 22 * HOUR - 9 * HOUR
"""From 09:00, when the activity begins, to 22:00."""


def of(person: Volunteer) -> Surroundings:
    return replace(KNOWN, person=person)


def found(**people: Volunteer | None) -> Surroundings:
    return Surroundings(ID, people=people)


def gives_up(person: str, because: str) -> ActivityPlaceGivenUp:
    return ActivityPlaceGivenUp(
        ID, PLACE, person, "helper", because, False, BEGIN, (CAPTAIN, DEPUTY)
    )


def with_a_child(*others: str) -> Life:
    """A child and others have places, in this order."""
    return opened().does(SignUp(AN), facts=of(CHILD)).does(*(SignUp(one) for one in others))


def test_an_activity_that_moves_too_late_for_a_child_is_not_theirs_any_more() -> None:
    life = with_a_child(BO, CHEN)
    late = MoveActivity(CAPTAIN, BEGIN + 10 * HOUR, BEGIN + LATE_END)
    life.does(late).does(LookAgain((AN, BO, CHEN)), facts=found(an=CHILD, bo=GROWN_UP))
    lost, offer = life.events[0], life.events[1]
    assert lost == replace(gives_up(AN, "too-late-for-minors"), begin=BEGIN + 10 * HOUR)
    # Of chen nothing is known: they do not serve any more, and nothing is held for them.
    assert offer == ActivityWaitingEnded(ID, PLACE, CHEN, "helper", "stopped")
    assert len(life.events) == 2
    assert life.state.places.people == (BO,)


def test_the_place_goes_to_the_next_in_line() -> None:
    life = with_a_child(BO, CHEN)
    everybody = LookAgain((AN, BO, CHEN))
    narrow = replace(CHILD, consent_latest=11 * 60)
    life.does(everybody, facts=found(an=CHILD, bo=GROWN_UP, chen=GROWN_UP))
    assert life.events == []
    life.does(everybody, facts=found(an=narrow, bo=GROWN_UP, chen=GROWN_UP))
    assert life.events[0] == gives_up(AN, "too-late-for-minors")
    assert isinstance(life.events[1], ActivityPlaceOffered)
    assert life.events[1].volunteer == CHEN
    life.does(LookAgain((CHEN,)), facts=found(chen=replace(GROWN_UP, suspended_until=END)))
    assert life.events == [ActivityOfferEnded(ID, PLACE, CHEN, "helper", "suspended")]


def test_every_reason_is_told_by_its_name() -> None:
    role = Role("helper", 2, least_age=18, most_age=60, trainings=("first-aid",))
    fit = replace(GROWN_UP, birth_year=1990, trainings=(Training("first-aid", None),))
    life = opened(roles=(role,)).does(SignUp(AN), facts=of(fit))
    for person, because in (
        (replace(CHILD, consent_until=BEGIN), "guardian-must-consent"),
        (replace(CHILD, consent_works=(Work.WISH,)), "not-for-minors"),
        (CHILD, "too-young"),
        (replace(fit, birth_year=1950), "too-old"),
        (replace(fit, trainings=(Training("first-aid", BEGIN),)), "training-missing"),
        (replace(fit, suspended_until=BEGIN + MINUTE), "suspended"),
        (replace(fit, registered=False), "stopped"),
    ):
        found_unfit = life.given.when(LookAgain((AN,)), at=EARLIER, facts=found(an=person))
        found_unfit.then(gives_up(AN, because))
    life.given.when(LookAgain((AN,)), at=EARLIER, facts=found(an=fit)).then()


def test_who_is_kept_to_the_team_is_looked_at_as_its_member() -> None:
    member = replace(GROWN_UP, memberships=(Membership(TEAM, EARLIER),))
    life = opened(roles=(Role("helper", 2, team_only=True),)).does(SignUp(AN), facts=of(member))
    left = life.given.when(LookAgain((AN,)), at=EARLIER, facts=found(an=GROWN_UP))
    left.then(gives_up(AN, "left-team"))


def test_who_is_not_on_it_or_has_come_is_left_alone() -> None:
    unfit = replace(GROWN_UP, suspended_until=END)
    life = joined(AN, BO)
    life.does(LookAgain((DENG,)), facts=found(deng=unfit))
    assert life.events == []
    life.does(CheckIn(AN, CODE), at=BEGIN - MINUTE)
    life.does(LookAgain((AN, BO)), at=BEGIN - MINUTE, facts=found(an=unfit, bo=unfit))
    assert life.events == [gives_up(BO, "suspended")]
    life.ticks(BEGIN).does(LookAgain((AN,)), at=BEGIN, facts=found(an=unfit))
    assert life.events == []


def test_nobody_unfit_checks_in_in_any_way() -> None:
    life = with_a_child(BO)
    for lost, code in (
        (replace(CHILD, consent_until=None), "guardian-must-consent"),
        (replace(CHILD, consent_latest=11 * 60), "too-late-for-minors"),
        (replace(CHILD, suspended_until=END), "volunteer-suspended"),
    ):
        for way in (
            CheckIn(AN, CODE),
            CheckInHere(AN, MEETING.latitude, MEETING.longitude, 10.0),
            CheckInFor(CAPTAIN, AN),
        ):
            life.refuses(way, code, at=BEGIN - MINUTE, facts=of(lost))
    life.does(CheckIn(AN, CODE), at=BEGIN - MINUTE, facts=of(CHILD))


def test_a_training_has_to_hold_when_one_comes() -> None:
    role = Role("helper", 2, trainings=("first-aid",))
    fit = replace(GROWN_UP, trainings=(Training("first-aid", BEGIN + timedelta(days=1)),))
    life = opened(roles=(role,)).does(SignUp(AN), facts=of(fit))
    life.refuses(CheckIn(AN, CODE), "training-missing", at=BEGIN - MINUTE)
    life.does(CheckIn(AN, CODE), at=BEGIN - MINUTE, facts=of(fit))
