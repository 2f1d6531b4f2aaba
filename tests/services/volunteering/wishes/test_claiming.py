"""Claiming a wish: one only, for a time; alone or for a team; never one's own."""

from dataclasses import replace

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from services.volunteering.domain.teams.team_state import TeamStatus
from services.volunteering.domain.wishes.wish import wish
from services.volunteering.domain.wishes.wish_commands import (
    ClaimWish,
    ForgetPerson,
    GiveBackWish,
    HouseOwner,
    LookAgain,
    PassClaim,
    StopServing,
    WithdrawWish,
)
from services.volunteering.domain.wishes.wish_events import (
    WishClaimAnswered,
    WishHoused,
    WishOwnerForgotten,
    WishReasonGiven,
    WishWordingDrafted,
)
from services.volunteering.domain.wishes.wish_state import Status
from shared.contracts.volunteering import (
    WishClaimed,
    WishClaimLapsing,
    WishEnded,
    WishReleased,
)
from shared.contracts.volunteering.wishes import WishKind, WishOutcome
from shared.runtime.aggregate import Rejected, Tick
from tests.given import Given, given
from tests.services.volunteering.wishes.stories import (
    AROUND,
    CLAIM_ENDS,
    CLAIMED,
    CLAIMED_BY_HELPER,
    CLAIMED_FOR_TEAM,
    DAY,
    ELDER,
    GRANTED,
    HELPER,
    NOW,
    OF_A_TEAM,
    OPEN,
    OPENED,
    PATH,
    POSTED,
    POSTED_FOR,
    RIVAL,
    SCREENER,
    TEAM,
    WORKER,
)


def released(because: str, team: str | None = None) -> WishReleased:
    return WishReleased("w1", "n", HELPER, team, ELDER, ELDER, because)


def test_the_first_who_asks_has_it() -> None:
    taken = (
        given(wish, *OPEN)
        .when(ClaimWish(HELPER), facts=AROUND)
        .then(CLAIMED_BY_HELPER, WishClaimAnswered(NOW, HELPER, (HELPER,)))
    )
    taken.when(ClaimWish(RIVAL), facts=AROUND).then_rejected("wish-taken")
    taken.when(ClaimWish(HELPER), facts=AROUND).then_rejected("wish-taken")


def test_nobody_claims_what_is_not_shown() -> None:
    given(wish, *POSTED).when(ClaimWish(HELPER), facts=AROUND).then_rejected("wish-wrong-moment")
    given(wish).when(ClaimWish(HELPER), facts=AROUND).then_rejected("unknown-wish")


def test_nobody_grants_a_wish_of_their_own_or_of_their_household() -> None:
    given(wish, *OPEN).when(ClaimWish(ELDER), facts=AROUND).then_rejected("own-wish")
    given(wish, *OPEN).when(ClaimWish("grandson"), facts=AROUND).then_rejected("own-household")
    opened = (*POSTED_FOR, OPENED)
    given(wish, *opened).when(ClaimWish(WORKER), facts=AROUND).then_rejected("own-wish")


def test_the_household_is_the_one_of_today() -> None:
    moved = given(wish, *OPEN).when(HouseOwner("n-b9-u9"), facts=AROUND).then(WishHoused("n-b9-u9"))
    moved.when(ClaimWish("grandson"), facts=AROUND).then_among(
        WishClaimed("w1", "n", "grandson", None, ELDER, ELDER, CLAIM_ENDS)
    )


def test_only_who_is_fit_for_it_claims_it() -> None:
    given(wish, *OPEN).when(ClaimWish("unknown"), facts=AROUND).then_rejected("not-a-volunteer")
    asked = (*POSTED, WishWordingDrafted(SCREENER, 0, 60, ()), OPENED)
    given(wish, *asked).when(ClaimWish(HELPER), facts=AROUND).then_rejected("too-young")


def test_a_team_claims_by_one_of_its_leaders() -> None:
    taken = (
        given(wish, *OPEN)
        .when(ClaimWish(HELPER, "t1"), facts=OF_A_TEAM)
        .then(*CLAIMED_FOR_TEAM[-2:])
    )
    assert taken.state.organisers == (HELPER, RIVAL)
    given(wish, *OPEN).when(ClaimWish("third", "t1"), facts=OF_A_TEAM).then_rejected("not-leading")
    asleep = replace(OF_A_TEAM, team=replace(TEAM, status=TeamStatus.SUSPENDED))
    given(wish, *OPEN).when(ClaimWish(HELPER, "t1"), facts=asleep).then_rejected("team-not-active")


def test_a_claim_lapses_after_a_reminder_and_is_not_claimed_by_them_again() -> None:
    lapsing = WishClaimLapsing("w1", "n", HELPER, None, CLAIM_ENDS)
    reminded = (
        given(wish, *CLAIMED).when(Tick(), at=CLAIM_ENDS - 3 * DAY, facts=AROUND).then(lapsing)
    )
    reminded.when(Tick(), at=CLAIM_ENDS - DAY, facts=AROUND).then()
    lapsed = reminded.when(Tick(), at=CLAIM_ENDS, facts=AROUND).then(released("lapsed"))
    assert lapsed.state.status is Status.OPEN
    again = lapsed.when(ClaimWish(HELPER), facts=AROUND)
    again.then_rejected("claim-lapsed-before")
    lapsed.when(ClaimWish(RIVAL), facts=AROUND).then_among(
        WishClaimed("w1", "n", RIVAL, None, ELDER, ELDER, CLAIM_ENDS)
    )


def test_who_gives_it_back_in_time_may_claim_it_again() -> None:
    back = (
        given(wish, *CLAIMED)
        .when(GiveBackWish(HELPER, "出差"), facts=AROUND)
        .then(released("given-back"), WishReasonGiven("give-back", "出差"))
    )
    back.when(ClaimWish(HELPER), facts=AROUND).then_among(CLAIMED_BY_HELPER)


def test_what_is_given_back_after_its_time_has_ended() -> None:
    late = NOW + 61 * DAY
    given(wish, *CLAIMED).when(GiveBackWish(HELPER), at=late, facts=AROUND).then(
        released("given-back"),
        WishEnded(
            "w1", WishKind.REPAIR, "n", PATH, WishOutcome.EXPIRED, ELDER, ELDER, None, None, None
        ),
    )


def test_the_owner_withdraws_it_and_the_claimant_hears() -> None:
    over = (
        given(wish, *CLAIMED)
        .when(WithdrawWish(ELDER), facts=AROUND)
        .then(
            WishEnded(
                "w1",
                WishKind.REPAIR,
                "n",
                PATH,
                WishOutcome.WITHDRAWN,
                ELDER,
                ELDER,
                HELPER,
                None,
                ELDER,
            )
        )
    )
    over.when(ClaimWish(RIVAL), facts=AROUND).then_rejected("wish-over")


def test_the_duty_for_a_claim_passes_on_with_the_team() -> None:
    new = (
        given(wish, *CLAIMED_FOR_TEAM)
        .when(PassClaim("t1", ("new", RIVAL)), facts=AROUND)
        .then(WishClaimAnswered(NOW, "new", ("new", RIVAL)))
    )
    new.when(PassClaim("t1", ("new", RIVAL)), facts=AROUND).then()
    new.when(PassClaim("t2", ("x",)), facts=AROUND).then()
    new.when(PassClaim("t1", ()), facts=AROUND).then()


@pytest.mark.parametrize(
    ("past", "command", "followed"),
    [
        (CLAIMED, StopServing(volunteer=HELPER), (released("stopped"),)),
        (CLAIMED_FOR_TEAM, StopServing(team="t1"), (released("stopped", "t1"),)),
        (CLAIMED_FOR_TEAM, StopServing(volunteer=HELPER), ()),
        (CLAIMED, StopServing(volunteer=RIVAL), ()),
        (GRANTED, StopServing(volunteer=HELPER), ()),
        (OPEN, StopServing(volunteer=HELPER), ()),
        (CLAIMED, ForgetPerson(HELPER), (released("erased"),)),
        (CLAIMED_FOR_TEAM, ForgetPerson(HELPER), (WishClaimAnswered(NOW, RIVAL, (RIVAL,)),)),
        (CLAIMED, ForgetPerson(WORKER), ()),
        (GRANTED, ForgetPerson(ELDER), (WishOwnerForgotten(),)),
    ],
)
def test_a_claim_ends_with_who_had_it(past: tuple, command: object, followed: tuple) -> None:
    given(wish, *past).when(command, facts=AROUND).then(*followed)  # type: ignore[arg-type]


def test_who_may_not_grant_it_any_more_lets_it_go() -> None:
    less = replace(AROUND, volunteers={HELPER: None})
    given(wish, *CLAIMED).when(LookAgain(HELPER), facts=AROUND).then()
    given(wish, *CLAIMED).when(LookAgain(HELPER), facts=less).then(released("unfit"))
    for past in (CLAIMED_FOR_TEAM, GRANTED, OPEN):
        given(wish, *past).when(LookAgain(HELPER), facts=less).then()
    given(wish, *CLAIMED).when(LookAgain(RIVAL), facts=less).then()


def test_whose_wish_it_was_takes_it_along() -> None:
    gone = (
        given(wish, *OPEN)
        .when(ForgetPerson(ELDER), facts=AROUND)
        .then(
            WishEnded(
                "w1",
                WishKind.REPAIR,
                "n",
                PATH,
                WishOutcome.FORGOTTEN,
                ELDER,
                ELDER,
                None,
                None,
                None,
            ),
            WishOwnerForgotten(),
        )
    )
    assert (gone.state.owner, gone.state.poster, gone.state.household) == (None, None, None)


@hypothesis_given(
    st.lists(
        st.tuples(
            st.sampled_from(["claim", "give-back", "tick", "withdraw"]),
            st.sampled_from([HELPER, RIVAL]),
            st.integers(0, 20),
        ),
        max_size=25,
    )
)
def test_never_two_have_it(steps: list[tuple[str, str, int]]) -> None:
    """Whatever is asked in whatever order: between two claims lies a release."""
    now, held = NOW, None
    story: Given = given(wish, *OPEN)
    for what, who, days in steps:
        now += days * DAY
        commands = {
            "claim": ClaimWish(who),
            "give-back": GiveBackWish(who),
            "tick": Tick(),
            "withdraw": WithdrawWish(ELDER),
        }
        try:
            events = wish.decide(commands[what], story.state, now, AROUND)
        except Rejected:
            continue
        for event in events:
            if isinstance(event, WishClaimed):
                assert held is None
                held = event.volunteer
            elif isinstance(event, (WishReleased, WishEnded)):
                held = None
        story = Given(wish, wish.fold(story.state, events))
        claim = story.state.claim
        assert (None if claim is None else claim.volunteer) == held
