"""Finding (巡防发现): what a patrol saw and somebody has to put right.

It is put right on the spot, passed on to who can, or filed as a petition by somebody of the patrol:
through petitions, with ``patrol-finding:<id>`` as its origin, so that no word of it travels by
event. What became of the petition is told to the patrol.
"""

from datetime import datetime, timedelta

from services.volunteering.domain.patrols.climbing import (
    AT_ONCE,
    Climb,
    Office,
    climbs_at,
    next_office,
)
from services.volunteering.domain.patrols.duty import (
    OrganisersPassed,
    PassOn,
    passed_on,
    together,
    without,
)
from services.volunteering.domain.patrols.finding_state import (
    FILED_WITHIN,
    ORIGIN,
    RECORDED_WITHIN,
    FinderForgotten,
    Finding,
    FindingDescribed,
    FindingForgotten,
    FindingStatus,
    FindingWitnessed,
    ForgetFinder,
    HearOfPetition,
    LinkPetition,
    RecordFinding,
    Scene,
    SettleFinding,
    SettlementDescribed,
)
from services.volunteering.domain.patrols.shift_state import Status, who_was_there
from shared.contracts.event import Event
from shared.contracts.volunteering.patrol_findings import (
    FindingBecamePetition,
    FindingHeard,
    FindingNews,
    PatrolFindingClimbed,
    PatrolFindingRecorded,
    PatrolFindingSettled,
    PatrolFindingWaiting,
)
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick, changed


def decide(command: Command, finding: Finding, now: datetime, scene: Scene) -> list[Event]:
    """What follows from a command."""
    match finding.status, command:
        case FindingStatus.RECORDED, Tick():
            return passed(finding, now, scene)
        case _, Tick():
            return []
        case FindingStatus.NONE, RecordFinding():
            return recorded(command, now, scene)
        case _, RecordFinding():
            raise Rejected("finding-exists", "there is such a finding")
        case _, PassOn():
            return passed_on(finding, command)
        case _, ForgetFinder(person=person):
            return forgotten(finding, person)
        case FindingStatus.RECORDED, SettleFinding():
            return settled(finding, command)
        case FindingStatus.RECORDED, LinkPetition() if linked_by(finding, command):
            return [became(finding, command.petition)]
        case _, LinkPetition():
            return []
        case (
            (FindingStatus.FILED | FindingStatus.ANSWERED | FindingStatus.CLOSED),
            HearOfPetition(),
        ) if command.petition == finding.petition:
            return [heard(finding, command)]
        case _, HearOfPetition():
            return []
        case FindingStatus.NONE, _:
            raise Rejected("unknown-finding", "there is no such finding")
    raise Rejected("finding-closed", "it was settled, or filed as a petition")


def recorded(command: RecordFinding, now: datetime, scene: Scene) -> list[Event]:
    """By somebody who patrols, or who has just done so."""
    shift = scene.shift
    if shift is None or shift.status not in (Status.RUNNING, Status.ENDED):
        raise Rejected("not-on-patrol", "join the patrol first")
    if command.by not in who_was_there(shift):
        raise Rejected("not-on-patrol", "join the patrol first")
    if shift.ended is not None and now > shift.ended + RECORDED_WITHIN:
        hours = RECORDED_WITHIN // timedelta(hours=1)
        raise Rejected(
            "found-too-late",
            f"findings are recorded within {hours} hours after the patrol: file a petition",
            hours=hours,
        )
    if not scene.path:
        raise Rejected(
            "unknown-place", f"no place {command.place} is registered", place=command.place
        )
    if shift.place not in scene.path:
        raise Rejected("found-elsewhere", "it lies outside the place of the patrol")
    return [
        PatrolFindingRecorded(
            scene.finding,
            command.shift,
            command.place,
            scene.path,
            command.category,
            command.urgency,
            shift.kind,
            shift.team,
            command.by,
            now + FILED_WITHIN[command.urgency],
        ),
        FindingWitnessed(now, who_was_there(shift), shift.keeper, shift.organisers),
        FindingDescribed(command.title, command.text),
    ]


def settled(finding: Finding, command: SettleFinding) -> list[Event]:
    """Nothing has to be filed."""
    return [
        PatrolFindingSettled(
            finding.finding,
            finding.shift,
            finding.place,
            finding.path,
            finding.category,
            finding.kind,
            finding.team,
            command.by,
            command.because.value,
        ),
        SettlementDescribed(command.text),
    ]


def linked_by(finding: Finding, command: LinkPetition) -> bool:
    """Whether somebody filed it who has to do with it: anybody can write an origin."""
    return command.petitioner in together(finding.finder, *finding.crew, *finding.organisers)


def became(finding: Finding, petition: str) -> FindingBecamePetition:
    """It goes on as a petition."""
    return FindingBecamePetition(
        finding.finding,
        petition,
        finding.shift,
        finding.place,
        finding.path,
        finding.category,
        finding.kind,
        finding.team,
        together(finding.finder, *finding.crew),
    )


def heard(finding: Finding, command: HearOfPetition) -> FindingHeard:
    """The patrol hears what became of what it found."""
    return FindingHeard(
        finding.finding,
        command.petition,
        finding.shift,
        finding.place,
        command.news,
        command.outcome,
        together(finding.finder, *finding.crew),
        finding.organisers,
    )


def forgotten(finding: Finding, person: str) -> list[Event]:
    """With who wrote it down its words go; where it still waits, somebody else of the patrol has to
    see to it.
    """
    if person not in (finding.finder, finding.keeper, *finding.crew, *finding.organisers):
        return []
    words: list[Event] = [FindingForgotten()] if person == finding.finder else []
    return [*words, FinderForgotten(person)]


# --- time ----------------------------------------------------------------------------------------


def due(finding: Finding) -> datetime | None:
    """When it should have been settled or filed, then when that climbs."""
    if finding.status is not FindingStatus.RECORDED:
        return None
    return finding.until if finding.waiting is None else climbs_at(finding.waiting, AT_ONCE)


def passed(finding: Finding, now: datetime, scene: Scene) -> list[Event]:
    """Nobody has settled or filed it in time."""
    at = due(finding)
    if at is None or now < at:
        return []
    if finding.waiting is None:
        return [
            PatrolFindingWaiting(
                finding.finding,
                finding.shift,
                finding.place,
                finding.finder,
                finding.organisers,
                at,
            )
        ]
    office = next_office(finding.waiting, scene.offices)
    return [
        PatrolFindingClimbed(
            finding.finding,
            finding.shift,
            finding.place,
            finding.waiting.since,
            office.level,
            office.place,
            office.person,
        )
    ]


def evolve(finding: Finding, event: Event) -> Finding:
    """The finding after an event."""
    match event:
        case PatrolFindingRecorded():
            return Finding(
                FindingStatus.RECORDED,
                event.finding,
                event.shift,
                event.place,
                event.path,
                event.category,
                event.urgency,
                event.kind,
                event.team,
                event.by,
                until=event.until,
            )
        case FindingWitnessed(at=at, crew=crew, keeper=keeper, organisers=organisers):
            return changed(finding, recorded_at=at, crew=crew, keeper=keeper, organisers=organisers)
        case PatrolFindingWaiting(until=until):
            return changed(finding, waiting=Climb(until))
        case PatrolFindingClimbed(since=since, level=level, office=place, called=person):
            assert finding.waiting is not None, "what climbs has waited"
            told = (*finding.waiting.told, Office(level, place, person))
            return changed(finding, waiting=Climb(since, told))
        case PatrolFindingSettled(because=because):
            return changed(finding, status=FindingStatus.SETTLED, because=because, waiting=None)
        case FindingBecamePetition(petition=petition):
            return changed(finding, status=FindingStatus.FILED, petition=petition, waiting=None)
        case FindingHeard(news=news, outcome=outcome):
            return changed(finding, status=_AFTER[news], outcome=outcome)
        case OrganisersPassed(organisers=organisers, keeper=keeper):
            return changed(finding, organisers=organisers, keeper=keeper)
        case FindingForgotten():
            return changed(finding, finder=None)
        case FinderForgotten(person=person):
            return bereft(finding, person)
    return finding


_AFTER = {
    FindingNews.ANSWERED: FindingStatus.ANSWERED,
    FindingNews.REOPENED: FindingStatus.FILED,
    FindingNews.CLOSED: FindingStatus.CLOSED,
}


def bereft(finding: Finding, person: str) -> Finding:
    """Without somebody, wherever they stood in it."""
    for event in without(finding, person):
        finding = evolve(finding, event)
    return changed(finding, crew=tuple(one for one in finding.crew if one != person))


def open_verbs(finding: Finding) -> tuple[str, ...]:
    """The verbs that this finding knows now."""
    return ("settle",) if finding.status is FindingStatus.RECORDED else ()


patrol_finding = Aggregate(
    kind=ORIGIN,
    initial=Finding(),
    decide=decide,
    evolve=evolve,
    events=(
        PatrolFindingRecorded,
        FindingWitnessed,
        FindingDescribed,
        PatrolFindingWaiting,
        PatrolFindingClimbed,
        PatrolFindingSettled,
        SettlementDescribed,
        FindingBecamePetition,
        FindingHeard,
        OrganisersPassed,
        FinderForgotten,
        FindingForgotten,
    ),
    due=due,
)
