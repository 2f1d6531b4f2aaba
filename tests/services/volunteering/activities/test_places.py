"""Signing up, the waiting list, and places that are held for the next in line."""

from dataclasses import replace
from datetime import UTC, datetime

from services.volunteering.domain.activities.commands import (
    AcceptOffer,
    CallOff,
    CheckIn,
    DeclineOffer,
    Enlist,
    ForgetPerson,
    GiveUp,
    OpenActivity,
    PlanActivity,
    Resize,
    SignUp,
    StrikeOff,
    Withdraw,
)
from services.volunteering.domain.activities.outline import Role
from services.volunteering.domain.activities.places import MOST_WAITING, offer_until
from services.volunteering.domain.activities.state import Offer, Roll, Status, number_of
from services.volunteering.domain.teams.volunteer_state import Membership
from shared.contracts.volunteering.activities import (
    ActivityBegun,
    ActivityOfferEnded,
    ActivityOrganisersNamed,
    ActivityPlaceGivenUp,
    ActivityPlaceOffered,
    ActivityWaitingEnded,
    CallingOff,
    VolunteerPutOnWaitingList,
    VolunteerSignedUp,
)
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
    MINUTE,
    OVER,
    PLACE,
    PLAN,
    TEAM,
    Life,
    held,
    joined,
    opened,
)

OFFERED_UNTIL = EARLIER + 12 * HOUR


def gives_up(person: str, because: str, late: bool = False) -> ActivityPlaceGivenUp:
    return ActivityPlaceGivenUp(
        ID, PLACE, person, "helper", because, late, BEGIN, (CAPTAIN, DEPUTY)
    )


def test_the_first_have_the_places_and_the_others_wait_in_order() -> None:
    life = opened().does(SignUp(AN))
    assert life.events == [VolunteerSignedUp(ID, PLACE, AN, "helper", BEGIN, AN)]
    life.does(SignUp(BO), SignUp(CHEN), SignUp(DENG))
    assert life.events == [VolunteerPutOnWaitingList(ID, PLACE, DENG, "helper", 2)]
    assert life.state.places.people == (AN, BO)
    assert [number_of(life.state, who) for who in (AN, CHEN, DENG)] == [None, 1, 2]
    assert life.state.status is Status.FULL


def test_nobody_signs_up_twice() -> None:
    life = joined(AN, BO, CHEN)
    life.refuses(SignUp(AN), "already-signed-up").refuses(SignUp(CHEN), "already-waiting")
    life.does(Withdraw(AN)).refuses(SignUp(CHEN), "offer-waits")


def test_roles_have_their_own_places_and_lines() -> None:
    roles = (Role("driver", 1), Role("helper", 1))
    life = opened(roles=roles).refuses(SignUp(AN), "which-role")
    life.refuses(SignUp(AN, "cook"), "unknown-role")
    life.does(SignUp(AN, "driver"), SignUp(BO, "driver"), SignUp(CHEN, "helper"))
    life.does(SignUp(DENG, "helper"))
    assert number_of(life.state, BO) == number_of(life.state, DENG) == 1
    life.does(Withdraw(CHEN))
    assert life.state.offers == (Offer(DENG, "helper", OFFERED_UNTIL),)
    assert life.state.waiting == Roll((BO,), ("driver",))


def test_a_role_asks_for_something() -> None:
    roles = (Role("driver", 1, least_age=30, trainings=("first-aid",), team_only=True),)
    life = opened(roles=roles)

    def who(**changes: object) -> object:
        return replace(KNOWN, person=replace(GROWN_UP, **changes))  # type: ignore[arg-type]

    life.refuses(SignUp(AN), "not-a-volunteer", facts=replace(KNOWN, person=None))
    life.refuses(SignUp(AN), "too-young", facts=who(birth_year=2000))  # type: ignore[arg-type]
    life.refuses(SignUp(AN), "training-missing")
    life.refuses(Enlist(CAPTAIN, AN), "training-missing")


def test_sign_up_has_a_beginning_and_an_end() -> None:
    timed = replace(PLAN, sign_up_from=EARLIER + DAY, sign_up_until=BEGIN - DAY)
    life = Life().does(timed, OpenActivity(CAPTAIN)).refuses(SignUp(AN), "sign-up-not-yet")
    life.does(SignUp(AN), at=EARLIER + DAY)
    life.refuses(SignUp(BO), "sign-up-closed", at=BEGIN - DAY)


def test_a_place_given_up_is_held_for_the_next() -> None:
    life = joined(AN, BO, CHEN, DENG).does(Withdraw(AN))
    assert life.events == [
        gives_up(AN, "withdrawn"),
        ActivityPlaceOffered(ID, PLACE, CHEN, "helper", OFFERED_UNTIL),
    ]
    life.refuses(AcceptOffer(DENG), "no-offer")
    life.does(SignUp(AN))
    assert life.state.waiting.people == (DENG, AN)
    life.does(AcceptOffer(CHEN), at=OFFERED_UNTIL - MINUTE)
    assert life.events == [VolunteerSignedUp(ID, PLACE, CHEN, "helper", BEGIN, CHEN)]
    assert life.state.places.people == (BO, CHEN)
    assert life.state.taken == (2,)


def test_an_offer_that_nobody_answers_goes_to_the_next() -> None:
    life = joined(AN, BO, CHEN, DENG).does(Withdraw(AN))
    life.refuses(AcceptOffer(CHEN), "no-offer", at=OFFERED_UNTIL)
    life.ticks(OFFERED_UNTIL)
    # It is 21:00 in Shanghai, no night yet.
    assert life.events == [
        ActivityOfferEnded(ID, PLACE, CHEN, "helper", "lapsed"),
        ActivityPlaceOffered(ID, PLACE, DENG, "helper", OFFERED_UNTIL + 12 * HOUR),
    ]
    life.ticks(OFFERED_UNTIL + 12 * HOUR)
    assert life.events == [ActivityOfferEnded(ID, PLACE, DENG, "helper", "lapsed")]
    assert life.state.status is Status.OPEN


def test_an_offer_is_declined() -> None:
    life = joined(AN, BO, CHEN, DENG).does(Withdraw(AN), DeclineOffer(CHEN))
    assert life.events == [
        ActivityOfferEnded(ID, PLACE, CHEN, "helper", "declined"),
        ActivityPlaceOffered(ID, PLACE, DENG, "helper", OFFERED_UNTIL),
    ]
    life.does(Withdraw(DENG))
    assert life.events == [ActivityOfferEnded(ID, PLACE, DENG, "helper", "declined")]


def test_who_is_offered_a_place_is_still_fit_for_it() -> None:
    life = joined(AN, BO, CHEN).does(Withdraw(AN))
    suspended = replace(GROWN_UP, suspended_until=END)
    life.refuses(AcceptOffer(CHEN), "volunteer-suspended", facts=replace(KNOWN, person=suspended))


def test_how_long_a_place_is_held() -> None:
    noon, soon = BEGIN + 3 * HOUR, BEGIN + 47 * HOUR
    assert offer_until(BEGIN + 10 * DAY, noon) == noon + 12 * HOUR
    assert offer_until(soon, BEGIN) == BEGIN + HOUR
    # 23:30 and 03:00: it runs from eight in the morning.
    night, morning = datetime(2026, 5, 9, 15, 30, tzinfo=UTC), datetime(2026, 5, 10, tzinfo=UTC)
    assert offer_until(BEGIN + 10 * DAY, night) == morning + 12 * HOUR
    assert (
        offer_until(BEGIN + 10 * DAY, datetime(2026, 5, 9, 19, tzinfo=UTC)) == morning + 12 * HOUR
    )
    assert offer_until(BEGIN + DAY + 8 * HOUR, night) == morning + HOUR
    assert offer_until(BEGIN, BEGIN - 20 * MINUTE) == BEGIN
    assert offer_until(BEGIN, BEGIN - 14 * MINUTE) is None


def test_a_place_that_is_free_too_late_is_held_for_nobody() -> None:
    late = BEGIN - 10 * MINUTE
    life = joined(AN, BO, CHEN).does(Withdraw(AN), at=late)
    assert life.events == [gives_up(AN, "withdrawn", late=True)]
    life.refuses(Enlist(CAPTAIN, DENG), "others-wait", at=late)
    life.ticks(BEGIN)
    assert life.events == [ActivityBegun(ID, PLACE, BEGIN, END, 1, (CHEN,))]
    assert life.state.waiting == Roll()
    life.does(Enlist(CAPTAIN, DENG), at=BEGIN)
    assert life.events == [VolunteerSignedUp(ID, PLACE, DENG, "helper", BEGIN, CAPTAIN)]
    life.refuses(Enlist(CAPTAIN, "fu"), "no-place-free", at=BEGIN)
    life.refuses(Withdraw(DENG), "too-late-to-withdraw", at=BEGIN)


def test_when_it_begins_nothing_is_held_any_more() -> None:
    life = joined(AN, BO, CHEN).does(Withdraw(AN), at=BEGIN - 30 * MINUTE).ticks(BEGIN)
    assert life.events == [
        ActivityOfferEnded(ID, PLACE, CHEN, "helper", "begun"),
        ActivityBegun(ID, PLACE, BEGIN, END, 1, ()),
    ]
    assert life.state.taken == (1,)


def test_who_waits_gives_up_waiting() -> None:
    life = joined(AN, BO, CHEN).does(Withdraw(CHEN))
    assert life.events == [ActivityWaitingEnded(ID, PLACE, CHEN, "helper", "withdrawn")]
    life.refuses(Withdraw(CHEN), "not-on-it")


def test_an_organiser_strikes_somebody_off() -> None:
    life = joined(AN, BO, CHEN).does(StrikeOff(CAPTAIN, AN))
    assert life.events[0] == gives_up(AN, "struck")
    life.refuses(StrikeOff(CAPTAIN, AN), "not-on-it")
    life.does(CheckIn(BO, CODE), at=BEGIN - MINUTE)
    life.refuses(StrikeOff(CAPTAIN, BO), "was-present", at=BEGIN - MINUTE)
    held(AN).refuses(StrikeOff(CAPTAIN, AN), "activity-over", at=OVER)
    held(AN).refuses(Enlist(CAPTAIN, BO), "activity-over", at=OVER)


def test_the_waiting_list_has_an_end() -> None:
    life = opened(roles=(Role("helper", 1),)).does(SignUp("first"))
    life.does(*(SignUp(f"v{n}") for n in range(MOST_WAITING)))
    life.refuses(SignUp("last"), "waiting-list-full")


def test_who_cannot_take_part_any_more_gives_up_what_they_have() -> None:
    assert joined(AN).does(GiveUp(AN, "stopped")).events == [gives_up(AN, "stopped")]
    assert joined(AN).does(GiveUp(BO, "stopped")).events == []
    assert joined(AN).does(GiveUp(AN, "suspended", until=BEGIN)).events == []
    later = GiveUp(AN, "suspended", until=BEGIN + HOUR)
    assert joined(AN).does(later).events == [gives_up(AN, "suspended")]
    assert joined(AN).ticks(BEGIN).does(later, at=BEGIN).events == []


def test_who_leaves_the_team_gives_up_what_is_kept_to_its_members() -> None:
    left = GiveUp(AN, "left-team", team=TEAM)
    member = replace(GROWN_UP, memberships=(Membership(TEAM, EARLIER),))
    roles = (Role("guard", 1, team_only=True), Role("helper", 2))
    life = opened(roles=roles).refuses(SignUp(AN, "guard"), "not-in-the-team")
    life.does(SignUp(AN, "guard"), facts=replace(KNOWN, person=member)).does(SignUp(BO, "helper"))
    assert life.does(GiveUp(AN, "left-team", team="another")).events == []
    assert life.does(GiveUp(BO, "left-team", team=TEAM)).events == []
    assert life.does(left).events == [replace(gives_up(AN, "left-team"), role="guard")]


def test_who_was_erased_gives_up_everything() -> None:
    life = joined(AN, BO, CHEN).does(ForgetPerson(AN))
    assert life.events == [
        gives_up(AN, "stopped"),
        ActivityPlaceOffered(ID, PLACE, CHEN, "helper", OFFERED_UNTIL),
    ]
    life.does(ForgetPerson(CAPTAIN))
    assert life.events == [ActivityOrganisersNamed(ID, PLACE, BEGIN, (DEPUTY,), (CAPTAIN, DEPUTY))]
    off = joined(AN).does(CallOff(CAPTAIN, CallingOff.OTHER)).does(ForgetPerson(AN))
    assert off.events == []


def test_a_big_activity_offers_as_many_places_as_it_gets() -> None:
    life = joined(AN, BO, CHEN, DENG, "e", "f", "g").does(Resize(CAPTAIN, "helper", 5))
    assert [offer.person for offer in life.state.offers] == [CHEN, DENG, "e"]
    assert life.state.status is Status.FULL


def test_somebody_of_no_team_can_plan() -> None:
    plan = PlanActivity("staff", PLACE, PLAN.outline, BEGIN, END)
    assert Life().does(plan, OpenActivity("staff")).state.team is None
