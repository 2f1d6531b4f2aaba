"""What other events lead to in the points bank (爱心银行).

Whatever goes from one stream to another goes by event: out of one account and into another, from an
account to a reward and back. Each step's cause is the event before it, so it is taken once however
often it comes.
"""

from services.volunteering.domain.bank.account import account
from services.volunteering.domain.bank.account_commands import (
    Close,
    Correct,
    Earn,
    Follow,
    LieReady,
    OpenForWork,
    PassOn,
    Release,
    Settle,
    TakeBack,
    TakeIn,
)
from services.volunteering.domain.bank.legs import person_account, team_account
from services.volunteering.domain.bank.reward import reward
from services.volunteering.domain.bank.reward_state import FreeAll, Reserve
from services.volunteering.domain.bank.shop import CountIn, shop
from services.volunteering.domain.teams.team import team
from services.volunteering.views.bank import reserved_for
from shared.contracts import community
from shared.contracts.volunteering import (
    CaptainChanged,
    DeputiesNamed,
    HoursConfirmed,
    HoursCorrected,
    PointsHeld,
    PointsRedeemed,
    PointsRefunded,
    PointsReturned,
    PointsSent,
    PointsSpent,
    RewardFreed,
    RewardHandedOver,
    RewardRefused,
    RewardReserved,
    TeamDissolved,
    TeamFounded,
    TeamMoved,
    VolunteerMoved,
    VolunteerRegistered,
    WishFulfilled,
)
from shared.contracts.volunteering.hours import Work
from shared.runtime.reactions import About, Do, Reactions

reactions = Reactions()

# --- who has an account --------------------------------------------------------------------------


@reactions.on(VolunteerRegistered)
async def open_for_a_volunteer(event: VolunteerRegistered, about: About, do: Do) -> None:
    """Whoever serves has an account."""
    opened = OpenForWork(event.path, (event.volunteer,))
    await do(account, person_account(event.volunteer), opened)


@reactions.on(TeamFounded)
async def open_for_a_team(event: TeamFounded, about: About, do: Do) -> None:
    """A team has one, too; its leaders keep it."""
    await do(account, team_account(event.team), OpenForWork(event.path, (event.captain,)))


@reactions.on(VolunteerMoved)
async def follow_the_volunteer(event: VolunteerMoved, about: About, do: Do) -> None:
    """Rankings go by where somebody is at home."""
    await do(account, person_account(event.volunteer), Follow(event.path))


@reactions.on(TeamMoved)
async def follow_the_team(event: TeamMoved, about: About, do: Do) -> None:
    """Rankings go by where a team serves."""
    await do(account, team_account(event.team), Follow(event.path))


@reactions.on(CaptainChanged, DeputiesNamed)
async def pass_on(event: CaptainChanged | DeputiesNamed, about: About, do: Do) -> None:
    """Who leads the team now keeps its account."""
    led = await do.get(team, event.team)
    if led is not None:
        await do(account, team_account(event.team), PassOn(led.leaders))


@reactions.on(TeamDissolved)
async def close_for_a_team(event: TeamDissolved, about: About, do: Do) -> None:
    """What the team has not spent expires."""
    await do(account, team_account(event.team), Close())


@reactions.on(community.ResidentErased)
async def close_for_a_person(event: community.ResidentErased, about: About, do: Do) -> None:
    """What is left expires; what lay ready for them is others' again."""
    id = person_account(event.resident)
    await do(account, id, Close())
    async for which, _ in do.find(reward, reserved_for(id)):
        await do(reward, which, FreeAll(id))


# --- earned --------------------------------------------------------------------------------------


@reactions.on(HoursConfirmed)
async def earn(event: HoursConfirmed, about: About, do: Do) -> None:
    """Points for who served, and the share of the team they served for."""
    earned = Earn(event.work, event.kind, event.begun, event.minutes)
    await do(account, person_account(event.volunteer), earned)
    if event.team is not None:
        await do(account, team_account(event.team), earned)


@reactions.on(HoursCorrected)
async def correct(event: HoursCorrected, about: About, do: Do) -> None:
    """What the wrong hours had earned goes, what the right ones earn comes."""
    right = Correct(event.work, event.kind, event.begun, event.before, event.minutes)
    await do(account, person_account(event.volunteer), right)
    if event.team is not None:
        await do(account, team_account(event.team), right)


@reactions.on(WishFulfilled)
async def earn_for_a_wish(event: WishFulfilled, about: About, do: Do) -> None:
    """A wish that was granted earns something besides its hours."""
    earned = Earn(event.wish, Work.WISH, about.time, 0, granted=True)
    await do(account, person_account(event.volunteer), earned)
    if event.team is not None:
        await do(account, team_account(event.team), earned)


# --- given ---------------------------------------------------------------------------------------


@reactions.on(PointsSent)
async def take_in(event: PointsSent, about: About, do: Do) -> None:
    """They come in at the other account, or go back."""
    await do(account, event.to, TakeIn(event.transfer, event.account, event.points, event.lots))


@reactions.on(PointsReturned)
async def take_back(event: PointsReturned, about: About, do: Do) -> None:
    """They are back."""
    back = TakeBack(event.transfer, event.points, event.lots, event.because)
    await do(account, event.sender, back)


# --- spent ---------------------------------------------------------------------------------------


@reactions.on(PointsHeld)
async def reserve(event: PointsHeld, about: About, do: Do) -> None:
    """The points are held: one is reserved, or it is refused."""
    wanted = Reserve(event.purchase, event.account, event.by, event.points, event.since)
    await do(reward, event.reward, wanted)


@reactions.on(RewardReserved)
async def lie_ready(event: RewardReserved, about: About, do: Do) -> None:
    """It can be fetched."""
    await do(account, event.account, LieReady(event.purchase, event.until))


@reactions.on(RewardHandedOver)
async def settle(event: RewardHandedOver, about: About, do: Do) -> None:
    """It was fetched: the points are the shop's."""
    await do(account, event.account, Settle(event.purchase, event.shop))


@reactions.on(RewardRefused, RewardFreed)
async def release(event: RewardRefused | RewardFreed, about: About, do: Do) -> None:
    """It was not to be had, or not fetched: the points are back."""
    await do(account, event.account, Release(event.purchase, event.because))


@reactions.on(PointsSpent, PointsRedeemed)
async def count_in(event: PointsSpent | PointsRedeemed, about: About, do: Do) -> None:
    """The shop sees what it has taken."""
    await do(shop, event.shop, CountIn(event.points))


@reactions.on(PointsRefunded)
async def count_out(event: PointsRefunded, about: About, do: Do) -> None:
    """And what it gave back."""
    await do(shop, event.shop, CountIn(-event.points))
