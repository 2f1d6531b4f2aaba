"""Who is told what when a clock is stopped, departments are called, or somebody whistles."""

from services.notifications.domain.telling import Telling, to
from shared.contracts import petitions
from shared.contracts.event import Event

TELLS_NOBODY: frozenset[type[Event]] = frozenset(
    {
        petitions.ConsultationCalled,  # each department is told that it was called
        petitions.DepartmentHandedOver,  # the one called instead is told
        petitions.WhistleBlown,  # whoever is called is told
        petitions.WhistleClimbed,  # that the next one is called is told
    }
)


def tellings(event: Event) -> list[Telling | None]:
    """Who must know of the event."""
    match event:
        case petitions.PetitionSuspended() as e:
            return [
                to(who, kind, but_not=e.by, petition=e.petition, suspension=e.reason, until=e.until)
                for who, kind in (
                    (e.petitioner, "petition-suspended"),
                    (e.assignee, "duty-suspended"),
                )
            ]
        case petitions.PetitionResumed(because="done"):
            return []  # told by what was done
        case petitions.PetitionResumed() as e:
            return [
                to(who, kind, petition=e.petition, answer_by=e.answer_by)
                for who, kind in (
                    (e.petitioner, "petition-resumed"),
                    (e.assignee, "duty-resumed"),
                )
            ]
        case petitions.PetitionSentToMediation() as e:
            return [
                to(e.petitioner, "petition-mediated", petition=e.petition),
                to(e.assignee, "duty-mediated", petition=e.petition),
            ]
        case petitions.PetitionMediated(settled=True) as e:
            return [to(e.assignee, "duty-agreed", petition=e.petition)]
    return [*_to_department(event), *_to_caller(event), *_whistle(event)]


def _to_department(event: Event) -> list[Telling | None]:
    """A department hears what is asked of it, by those who speak for it."""
    match event:
        case petitions.DepartmentCalled() as e:
            return [
                to(
                    e.department,
                    "department-called",
                    body=True,
                    petition=e.petition,
                    accept_by=e.accept_by,
                )
            ]
        case petitions.DepartmentInsisted() as e:
            return [
                to(
                    e.department,
                    "department-insisted",
                    body=True,
                    petition=e.petition,
                    part_by=e.part_by,
                )
            ]
        case petitions.DepartmentRuledOut() as e:
            return [to(e.department, "department-ruled-out", body=True, petition=e.petition)]
        case petitions.DepartmentLate() as e:
            return [
                to(e.department, "part-late", body=True, petition=e.petition, part_by=e.part_by),
            ]
    return []


def _to_caller(event: Event) -> list[Telling | None]:
    """Whoever called departments hears what they make of it."""
    match event:
        case petitions.DepartmentAccepted() as e:
            return [_said(e.caller, "department-accepted", e.petition, e.department)]
        case petitions.DepartmentRefused() as e:
            return [_said(e.caller, "department-refused", e.petition, e.department)]
        case petitions.DepartmentSilent() as e:
            return [_said(e.caller, "department-silent", e.petition, e.department)]
        case petitions.DepartmentDelivered() as e:
            return [_said(e.caller, "department-delivered", e.petition, e.department)]
        case petitions.DepartmentLate() as e:
            return [_said(e.caller, "department-late", e.petition, e.department)]
        case petitions.ConsultationConcluded() as e:
            return [to(e.caller, "consultation-concluded", petition=e.petition)]
    return []


def _said(caller: str, kind: str, petition: str, department: str) -> Telling | None:
    return to(caller, kind, petition=petition, organisation=department)


def _whistle(event: Event) -> list[Telling | None]:
    """Whoever is whistled for hears it, and whoever whistled what came of it (吹哨报到)."""
    match event:
        case petitions.WhistleCalled() as e:
            return [
                to(
                    e.called,
                    "whistle-called",
                    whistle=e.whistle,
                    place=e.place,
                    duty=e.duty,
                    report_by=e.report_by,
                ),
                to(
                    e.judge if e.because in ("overdue", "refused", "unjudged") else None,
                    "whistle-climbed",
                    whistle=e.whistle,
                    level=e.level,
                ),
            ]
        case petitions.WhistleReported() as e:
            return [to(e.judge, "whistle-reported", whistle=e.whistle, judge_by=e.judge_by)]
        case petitions.WhistleReportAccepted() as e:
            return [
                to(e.reported_by, "whistle-accepted", whistle=e.whistle),
                to(e.judge, "whistle-reported", whistle=e.whistle, judge_by=e.judge_by),
            ]
        case petitions.WhistleReportRefused() as e:
            return [to(e.reported_by, "whistle-refused", whistle=e.whistle)]
        case petitions.WhistleReportUnjudged(judge=None) as e:
            return [to(e.reported_by, "whistle-unjudged", whistle=e.whistle)]
        case petitions.WhistleReportUnjudged() as e:
            return [to(e.judge, "whistle-reported", whistle=e.whistle, judge_by=e.judge_by)]
        case petitions.WhistleOverdue() as e:
            return [to(e.called, "whistle-overdue", whistle=e.whistle, report_by=e.report_by)]
        case petitions.WhistleClosed() as e:
            unjudged = e.outcome == "unjudged"
            return [
                to(
                    e.whistler,
                    "whistle-closed-unjudged" if unjudged else "whistle-closed",
                    whistle=e.whistle,
                ),
                to(e.called, "whistle-closed", whistle=e.whistle),
            ]
    return []
