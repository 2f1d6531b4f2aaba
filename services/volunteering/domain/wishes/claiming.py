"""Claiming: one volunteer or team takes a wish on, the first who asks, for a time that ends."""

from datetime import datetime, timedelta

from services.volunteering.domain.teams.fitness import refuse_unfit
from services.volunteering.domain.teams.team_state import TeamStatus
from services.volunteering.domain.teams.volunteer_state import Conditions, lacking
from services.volunteering.domain.wishes.ending import let_go
from services.volunteering.domain.wishes.wish_commands import (
    ClaimWish,
    GiveBackWish,
    LookAgain,
    PassClaim,
    StopServing,
)
from services.volunteering.domain.wishes.wish_events import WishClaimAnswered, WishReasonGiven
from services.volunteering.domain.wishes.wish_state import Around, Status, Wish
from shared.contracts.event import Event
from shared.contracts.volunteering.hours import Work
from shared.contracts.volunteering.wishes import WishClaimed
from shared.runtime.aggregate import Rejected

CLAIM_LASTS = timedelta(days=14)
REMIND_BEFORE = timedelta(days=3)


def claimed(command: ClaimWish, wish: Wish, now: datetime, around: Around) -> list[Event]:
    """Theirs until the claim lapses. The contact is open to them from now on."""
    refuse_partial(command.by, wish, around)
    if command.by in wish.former:
        raise Rejected("claim-lapsed-before", "you had this wish before and did not grant it")
    refuse_unfit(around.volunteers.get(command.by), asked_of(wish), now)
    organisers: tuple[str, ...] = (command.by,)
    if command.team is not None:
        team = around.team
        if team is None or team.status is not TeamStatus.ACTIVE:
            raise Rejected("team-not-active", "no such team is active now")
        if command.by not in team.leaders:
            raise Rejected("not-leading", "the captain or a deputy claims a wish for a team")
        organisers = team.leaders
    return [
        WishClaimed(
            wish.wish,
            wish.place,
            command.by,
            command.team,
            wish.owner,
            wish.poster,
            now + CLAIM_LASTS,
        ),
        WishClaimAnswered(now, command.by, organisers),
    ]


def asked_of(wish: Wish, team: str | None = None, end: datetime | None = None) -> Conditions:
    """What is asked of somebody who grants it, for a team if for one, to be done by then."""
    return Conditions(
        least_age=wish.least_age, trainings=wish.trainings, team=team, work=Work.WISH, end=end
    )


def refuse_partial(person: str, wish: Wish, around: Around) -> None:
    """Nobody grants, or gets hours for, a wish of their own or of their household. Raises
    `Rejected`.
    """
    if person in (wish.owner, wish.poster):
        raise Rejected("own-wish", "whose wish it is, and who posted it, cannot grant it")
    if wish.household is not None and around.homes.get(person) == wish.household:
        raise Rejected("own-household", "nobody grants a wish of their own household")


def given_back(command: GiveBackWish, wish: Wish, now: datetime) -> list[Event]:
    """Another volunteer can have it."""
    said: list[Event] = [WishReasonGiven(command.verb, command.reason)] if command.reason else []
    return [*let_go(wish, "given-back", now), *said]


def passed_on(command: PassClaim, wish: Wish) -> list[Event]:
    """Whoever leads the team answers for its claim. Where nobody does, those before still do."""
    claim = wish.claim
    if claim is None or claim.since is None or claim.team != command.team or not command.leaders:
        return []
    if command.leaders == wish.organisers:
        return []
    first = claim.volunteer if claim.volunteer in command.leaders else command.leaders[0]
    return [WishClaimAnswered(claim.since, first, command.leaders)]


def stopped(command: StopServing, wish: Wish, now: datetime) -> list[Event]:
    """A claim of somebody who serves no more is let go; what was granted stays granted."""
    claim = wish.claim
    if wish.status is not Status.CLAIMED or claim is None:
        return []
    theirs = claim.team is None and claim.volunteer == command.volunteer
    if theirs or (claim.team is not None and claim.team == command.team):
        return let_go(wish, "stopped", now)
    return []


def looked_again(command: LookAgain, wish: Wish, now: datetime, around: Around) -> list[Event]:
    """Who may not grant it any more, of those who claimed it for themselves, lets it go."""
    claim = wish.claim
    if wish.status is not Status.CLAIMED or claim is None or claim.team is not None:
        return []
    person = command.volunteer
    if claim.volunteer != person:
        return []
    lacks = lacking(around.volunteers.get(person), asked_of(wish), now)
    return [] if lacks is None else let_go(wish, "unfit", now)
