"""Who is told what of patrols (三重巡防)."""

from typing import Any

from services.notifications.domain.telling import Telling, to
from shared.contracts import volunteering
from shared.contracts.event import Event
from shared.contracts.volunteering.patrol_findings import (
    FindingNews,
)

Params = dict[str, Any]

TELLS_NOBODY: frozenset[type[Event]] = frozenset(
    {
        volunteering.PatrolRouteLaidOut,
        volunteering.PatrolRouteRevised,
        volunteering.PatrolRouteClosed,
        volunteering.PatrolRotaChanged,  # the shift's crew changes
        volunteering.PatrolShiftPlanned,  # the rota was told of
        volunteering.PatrolBegun,
        volunteering.PatrolMissed,  # the alarm that nobody began goes on
        volunteering.PatrolCheckpointPassed,
        volunteering.PatrolEnded,
        volunteering.PatrolTakenOver,
        volunteering.PatrolAlarmSettled,
        volunteering.PatrolFindingRecorded,
        volunteering.PatrolFindingSettled,
    }
)


def tellings(event: Event) -> list[Telling | None]:
    """Who must know of the event."""
    return [*_of_rotas(event), *_of_shifts(event), *_of_handovers(event), *_of_findings(event)]


def _of_rotas(event: Event) -> list[Telling | None]:
    match event:
        case volunteering.PatrolRotaPublished(place=place, begin=begin, crew=crew):
            return [to(one, "patrol-rota-published", place=place, start=begin) for one in crew]
        case volunteering.PatrolSwapProposed() as e:
            return [to(e.to, "swap-proposed", place=e.place, until=e.until)]
        case volunteering.PatrolSwapEnded(because="withdrawn"):
            return []
        case volunteering.PatrolSwapEnded() as e:
            return [to(e.by, "swap-ended", place=e.place, because=e.because)]
        case volunteering.PatrolCrewChanged() as e:
            when: Params = {"place": e.place, "start": e.begin, "end": e.end}
            before = None if e.because == "erased" else e.before
            told = [to(e.person, "shift-given", **when), to(before, "shift-taken", **when)]
            if not e.vacant:
                return told
            short: Params = {"place": e.place, "start": e.begin, "number": e.vacant}
            return [*told, *(to(one, "patrol-crew-short", **short) for one in e.organisers)]
        case volunteering.PatrolShiftCalledOff() as e:
            why: Params = {"place": e.place, "start": e.begin, "because": f"patrol-{e.because}"}
            # Who calls it off by hand answers for it, and knows.
            answerable = e.organisers if e.because == "team-stops" else ()
            concerned = dict.fromkeys((*e.crew, *answerable))
            return [to(one, "patrol-called-off", **why) for one in concerned]
    return []


def _of_shifts(event: Event) -> list[Telling | None]:
    match event:
        case volunteering.PatrolNear(place=place, begin=begin, crew=crew):
            return [to(one, "patrol-near", place=place, start=begin) for one in crew]
        case volunteering.PatrolNotBegun() as e:
            when: Params = {"place": e.place, "start": e.begin}
            answerable = [one for one in e.organisers if one not in e.crew]
            return [
                *(to(one, "patrol-begin-now", **when) for one in e.crew),
                *(to(one, "patrol-not-begun", **when) for one in answerable),
            ]
        case volunteering.PatrolCheckpointMissed() as e:
            missed: Params = {"place": e.place, "due": e.due, "number": e.number + 1}
            return [to(one, "patrol-checkpoint-missed", **missed) for one in e.organisers]
        case volunteering.PatrolNotEnded() as e:
            when = {"place": e.place, "end": e.end}
            answerable = [one for one in e.organisers if one not in e.crew]
            return [
                *(to(one, "patrol-report-back", **when) for one in e.crew),
                *(to(one, "patrol-not-back", **when) for one in answerable),
            ]
        case volunteering.PatrolHoursWaiting(place=place, organisers=organisers):
            return [to(one, "patrol-hours-waiting", place=place) for one in organisers]
        case volunteering.PatrolAlarmClimbed() as e:
            why = f"patrol-{e.kind.value}"
            return [to(e.called, "patrol-alarm", place=e.place, because=why, since=e.since)]
    return []


def _of_handovers(event: Event) -> list[Telling | None]:
    match event:
        case volunteering.PatrolHandedOver(successor=None) as e:
            left: Params = {"place": e.place, "number": e.matters, "until": e.until}
            return [to(one, "patrol-matters-left", but_not=e.by, **left) for one in e.organisers]
        case volunteering.PatrolHandedOver():
            return []  # the crew that follows is told
        case volunteering.PatrolHandoverAwaited(place=place, crew=crew, until=until):
            return [to(one, "patrol-take-over", place=place, until=until) for one in crew]
        case volunteering.PatrolNotTakenOver() as e:
            left = {"place": e.place, "number": e.matters}
            return [to(one, "patrol-not-taken-over", **left) for one in e.organisers]
    return []


def _of_findings(event: Event) -> list[Telling | None]:
    match event:
        case volunteering.PatrolFindingWaiting() as e:
            asked = dict.fromkeys(one for one in (e.by, *e.organisers) if one is not None)
            when: Params = {"place": e.place, "until": e.until}
            return [to(one, "patrol-finding-waiting", **when) for one in asked]
        case volunteering.PatrolFindingClimbed() as e:
            return [to(e.called, "patrol-finding-alarm", place=e.place, since=e.since)]
        case volunteering.FindingBecamePetition() as e:
            filed: Params = {"place": e.place, "petition": e.petition}
            return [to(one, "finding-became-petition", **filed) for one in e.crew]
        case volunteering.FindingHeard() as e:
            concerned = dict.fromkeys((*e.crew, *e.organisers))
            about: Params = {"place": e.place, "petition": e.petition}
            if e.news is FindingNews.CLOSED:
                about["outcome"] = str(e.outcome)
            return [to(one, f"finding-{e.news.value}", **about) for one in concerned]
    return []
