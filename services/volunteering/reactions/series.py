"""What follows for series: their occasions are made, and duties pass on; calendars of those
who were erased are closed.
"""

from dataclasses import replace
from datetime import timedelta

from services.volunteering.domain.activities.activity import activity
from services.volunteering.domain.activities.commands import Cease, Plan
from services.volunteering.domain.activities.outline import Outline
from services.volunteering.domain.series.feed import ForgetFeed, calendar_feed, feed_id
from services.volunteering.domain.series.series import series
from services.volunteering.domain.series.series_commands import (
    NoteNotMade,
    PassSeriesOn,
    StopSeries,
    StrikeOrganiser,
)
from services.volunteering.domain.series.series_state import Series, theme_of, timing_of
from services.volunteering.domain.teams.team import team
from services.volunteering.views.series import occasions_from, organised_by, running_of
from shared.contracts import community
from shared.contracts.volunteering import OccasionDue, SeriesEnded
from shared.contracts.volunteering.activities import CallingOff
from shared.contracts.volunteering.teams import CaptainChanged, DeputiesNamed, TeamDissolved
from shared.runtime.reactions import About, Do, Reactions
from shared.worktime.hours import CHINA

reactions = Reactions()


@reactions.on(OccasionDue)
async def make_the_occasion(event: OccasionDue, about: About, do: Do) -> None:
    """An activity like the series' outline, with the month's theme. Where a rule forbids it, those
    who answer for the series are told: nothing is dropped in silence.
    """
    state = await do.get(series, event.series)
    if state is None:
        return
    timing = timing_of(state)
    plan = Plan(
        series=event.series,
        organisers=state.organisers,
        place=event.place,
        team=event.team,
        outline=outline_of(state, event),
        begin=event.begin,
        end=event.end,
        sign_up_until=event.begin - timedelta(hours=timing.sign_up_hours),
        withdraw_until=event.begin - timedelta(hours=timing.withdraw_hours),
    )
    await do(activity, event.activity, plan)
    if await do.get(activity, event.activity) is None:
        await do(series, event.series, NoteNotMade(event.activity, event.begin))


def outline_of(state: Series, event: OccasionDue) -> Outline:
    """What an occasion is to be."""
    assert state.outline is not None, "it was drawn up"
    theme = theme_of(state, event.begin.astimezone(CHINA).date())
    if theme is None:
        return state.outline
    return replace(state.outline, title=theme.title, theme=theme.theme)


@reactions.on(SeriesEnded)
async def call_off_what_is_made(event: SeriesEnded, about: About, do: Do) -> None:
    """Where that was wanted, activities that lie behind the end do not take place."""
    if event.call_off_from is None:
        return
    async for id, _ in do.find(activity, occasions_from(event.series, event.call_off_from)):
        await do(activity, id, Cease(CallingOff.SERIES_ENDS))


@reactions.on(CaptainChanged, DeputiesNamed)
async def pass_on(event: CaptainChanged | DeputiesNamed, about: About, do: Do) -> None:
    """Who leads the team answers for its series."""
    led = await do.get(team, event.team)
    if led is None:
        return
    async for id, _ in do.find(series, running_of("team", event.team)):
        await do(series, id, PassSeriesOn(led.leaders))


@reactions.on(TeamDissolved)
async def stop_with_the_team(event: TeamDissolved, about: About, do: Do) -> None:
    """Its series make nothing more."""
    async for id, _ in do.find(series, running_of("team", event.team)):
        await do(series, id, StopSeries("team-dissolved"))


@reactions.on(community.PlaceClosed)
async def stop_with_the_place(event: community.PlaceClosed, about: About, do: Do) -> None:
    """Series there make nothing more."""
    async for id, _ in do.find(series, running_of("place", event.code)):
        await do(series, id, StopSeries("place-closed"))


@reactions.on(community.ResidentErased)
async def forget(event: community.ResidentErased, about: About, do: Do) -> None:
    """Who was erased answers for nothing, and their calendar has no address."""
    await do(calendar_feed, feed_id(event.resident), ForgetFeed())
    async for id, _ in do.find(series, organised_by(event.resident)):
        await do(series, id, StrikeOrganiser(event.resident))
