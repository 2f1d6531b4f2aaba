"""Who is told what of resources, needs and projects (资源 需求 项目 三张清单).

What an organisation offers, was asked or has to do is told to those who speak for it.
"""

from typing import Any

from services.notifications.domain.telling import Telling, to
from shared.contracts import volunteering
from shared.contracts.event import Event
from shared.contracts.volunteering.lists import NeedOutcome

TELLS_NOBODY: frozenset[type[Event]] = frozenset(
    {
        volunteering.ResourceOffered,  # the list is open to all
        volunteering.ResourceChanged,
        volunteering.ResourceWithdrawn,  # every need that counted on it hears
        volunteering.ResourceRefused,
        volunteering.NeedStated,
        volunteering.NeedAsked,
        volunteering.NeedReleased,  # the resource hears, and then who offers it
        volunteering.NeedOffersLapsed,
        volunteering.NeedNotGiven,
        volunteering.ResourceFreed,
        volunteering.ProjectReported,  # staff of the place judge it from their list
    }
)


def tellings(event: Event) -> list[Telling | None]:
    """Who must know of the event."""
    match event:
        case volunteering.ResourceReserved() as e:
            told = {"resource": e.resource, "quantity": e.quantity, "until": e.until}
            return [_either(e.person, e.organisation, "resource-promised", **told)]
        case volunteering.NeedLeftOut() as e:
            because = f"need-{e.because}"
            return [to(e.by, "need-left-out", need=e.need, because=because)]
        case volunteering.NeedOffered() as e:
            told = {"need": e.need, "place": e.place, "until": e.until}
            return [_either(e.person, e.organisation, "need-fits-you", **told)]
        case volunteering.NeedOfferAnswered(quantity=0) as e:
            return [to(e.by, "need-declined", need=e.need)]
        case volunteering.NeedOfferAnswered() as e:
            return [to(e.by, "need-accepted", need=e.need, quantity=e.quantity)]
        case volunteering.NeedMet() as e:
            return [to(e.by, "need-met", need=e.need, place=e.place)]
        case volunteering.NeedEnded(outcome=NeedOutcome.WITHDRAWN):
            return []
        case volunteering.NeedEnded() as e:
            return [to(e.by, f"need-{e.outcome.value}", need=e.need, place=e.place)]
    return _of_projects(event)


def _of_projects(event: Event) -> list[Telling | None]:
    match event:
        case volunteering.ProjectPlanned() as e:
            return [to(e.lead, "project-led", project=e.project, place=e.place, until=e.until)]
        case volunteering.ProjectLeadChanged() as e:
            return [
                to(e.lead, "project-passed-to-you", project=e.project),
                to(e.former, "project-passed-on", project=e.project),
            ]
        case volunteering.ProjectTaskGiven() as e:
            task: dict[str, Any] = {"project": e.project, "number": e.task}
            former = None if e.former == (e.person or e.organisation) else e.former
            return [
                _either(e.person, e.organisation, "task-given", until=e.until, **task),
                to(former, "task-taken", **task),
            ]
        case volunteering.ProjectTaskDropped() as e:
            return [_of_task("task-dropped", e)]
        case volunteering.ProjectTaskDone() as e:
            return [to(e.lead, "task-done", but_not=e.person, project=e.project, number=e.task)]
        case volunteering.ProjectTaskConfirmed() as e:
            return [_of_task("task-confirmed", e)]
        case volunteering.ProjectTaskSentBack() as e:
            return [_of_task("task-sent-back", e)]
        case volunteering.ProjectTaskOverdue() as e:
            late = to(e.lead, "task-late", but_not=e.person, project=e.project, number=e.task)
            return [_of_task("task-overdue", e), late]
        case volunteering.ProjectJudgementLate() as e:
            return [to(e.person, "project-to-judge", project=e.project, place=e.place)]
        case volunteering.ProjectJudged(met=True) as e:
            return [to(e.lead, "project-met", project=e.project, stars=e.stars)]
        case volunteering.ProjectJudged() as e:
            return [to(e.lead, "project-unmet", project=e.project)]
        case volunteering.ProjectCalledOff() as e:
            return [to(e.lead, "project-called-off", but_not=e.by, project=e.project)]
    return []


def _of_task(kind: str, event: Any) -> Telling | None:
    return _either(event.person, event.organisation, kind, project=event.project, number=event.task)


def _either(
    person: str | None, organisation: str | None, kind: str, **params: Any
) -> Telling | None:
    if person is not None:
        return to(person, kind, **params)
    return to(organisation, kind, body=True, **params)
