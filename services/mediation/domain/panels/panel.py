"""Panel (4+X 调解): the mediator of a dispute and those who help, none of them tied to a party."""

from datetime import datetime

from services.mediation.domain.disputes.dispute_state import Status as DisputeStatus
from services.mediation.domain.panels import appointing, seating
from services.mediation.domain.panels.leaving import after, gone
from services.mediation.domain.panels.mediator_state import Standing
from services.mediation.domain.panels.panel_commands import (
    AcceptCase,
    AddSeat,
    AppointMediator,
    DeclareKinship,
    DeclareTies,
    Decline,
    DropSeat,
    EndPanel,
    ForgetPerson,
    LearnAnswers,
    LearnBonds,
    LearnHousehold,
    LearnParties,
    Leave,
    LoseMediator,
    NameMember,
    OpenPanel,
    RefuseMediator,
    Release,
    ReopenPanel,
)
from services.mediation.domain.panels.panel_events import (
    MediatorRefused,
    PanelEnded,
    PanelHouseholdLearned,
    PanelLineNamed,
    PanelPartiesLearned,
    PanelReasonGiven,
    PanelReopened,
    PanelSeatAdded,
    PanelSeatDropped,
    PanelSeatFreed,
    PanelTieLearned,
    PanelWordLeft,
    PanelWordsForgotten,
    PetitionAnswerLearned,
    Speaker,
)
from services.mediation.domain.panels.panel_state import (
    QUORUM,
    Around,
    Panel,
    Status,
    evolve,
)
from shared.contracts.event import Event
from shared.contracts.mediation.panels import (
    MediatorAppointed,
    MediatorAsked,
    MediatorNotWon,
    MediatorReleased,
    MediatorSought,
    NotFilled,
    PanelComplete,
    PanelMemberAsked,
    PanelMemberLeft,
    PanelMemberSeated,
    PanelOpened,
    PanelSeatVacant,
)
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

VERBS = (
    "appoint",
    "accept",
    "refuse-mediator",
    "add-seat",
    "drop-seat",
    "name-member",
    "declare",
    "declare-kinship",
    "decline",
    "leave",
    "release",
)
"""What people do with a panel while its dispute is not over."""


def decide(command: Command, panel: Panel, now: datetime, around: Around) -> list[Event]:
    """What follows from a command; `around` is what the rules are told of the world."""
    if panel.status is Status.NONE:
        if isinstance(command, OpenPanel):
            return _opened(command, around)
        if command.verb in VERBS:
            raise Rejected("no-panel", "no dispute of this id was filed")
        return []
    over = panel.status is not Status.OPEN or around.dispute.status is DisputeStatus.ENDED
    if over and command.verb in VERBS:
        raise Rejected("panel-over", "the dispute is over")
    events = _decided(command, panel, now, around)
    return [*events, *_completed(after(panel, events))]


def _decided(command: Command, panel: Panel, now: datetime, around: Around) -> list[Event]:
    match command:
        case AppointMediator():
            return appointing.appointed(command, panel, now, around)
        case AcceptCase():
            return appointing.accepted(command, panel, now, around)
        case RefuseMediator(by=by, reason=reason):
            said = _said(command.verb, by, reason, panel)
            return [*appointing.refused(command, panel, now, around), *said]
        case AddSeat():
            return seating.added(command, panel)
        case DropSeat():
            return seating.dropped(command, panel)
        case NameMember():
            return seating.named(command, panel, now, around)
        case DeclareTies(by=by, note=note):
            said = _said(command.verb, by, note, panel)
            return [*seating.declared(command, panel, now, around), *said]
        case DeclareKinship():
            return seating.kin(command, panel, now, around)
        case Decline(by=by, reason=reason):
            _must_be_asked(by, panel)
            said = _said(command.verb, by, reason, panel)
            return [*gone(by, panel, NotFilled.DECLINED, now, around), *said]
        case Leave(by=by, reason=reason):
            if by != panel.mediator and by not in panel.members:
                raise Rejected("not-on-the-panel", "you have no part in this panel")
            said = _said(command.verb, by, reason, panel)
            return [*gone(by, panel, NotFilled.STEPPED_DOWN, now, around), *said]
        case Release(by=by, person=person, reason=reason):
            if person not in panel.people:
                raise Rejected("not-on-the-panel", "this person has no part in this panel")
            said = _said(command.verb, by, reason, panel)
            return [*gone(person, panel, NotFilled.REPLACED, now, around), *said]
    return _followed(command, panel, now, around)


def _followed(command: Command, panel: Panel, now: datetime, around: Around) -> list[Event]:
    """What follows from events, and from time."""
    match command:
        case ForgetPerson(person=person):
            return _forgotten(person, panel, now, around)
        case EndPanel() if panel.status is Status.OPEN:
            return [PanelEnded()]
        case ReopenPanel(people=people) if panel.status is Status.ENDED:
            return _reopened(people, panel, now, around)
    if panel.status is not Status.OPEN:
        return []
    match command:
        case Tick():
            return _passed(panel, now, around)
        case LearnParties(people=people, households=homes):
            learnt: list[Event] = []
            if (speakers := speakers_of(around)) != panel.speakers:
                learnt.append(PanelPartiesLearned(speakers))
            new_homes = [one for one in dict.fromkeys(homes) if one not in panel.households]
            learnt += [PanelHouseholdLearned(one) for one in new_homes]
            return [*learnt, *seating.looked_at_again(people, after(panel, learnt), now, around)]
        case LearnAnswers(people=answered):
            new = [one for one in answered if one not in panel.answered]
            answers: list[Event] = [PetitionAnswerLearned(one) for one in new]
            looked_at = seating.looked_at_again(tuple(new), after(panel, answers), now, around)
            return [*answers, *looked_at]
        case LearnHousehold(household=household, people=people):
            if household in panel.households:
                return []
            moved: list[Event] = [PanelHouseholdLearned(household)]
            return [*moved, *seating.looked_at_again(people, after(panel, moved), now, around)]
        case LearnBonds(person=person):
            return seating.looked_at_again((person,), panel, now, around)
        case LoseMediator(person=person, because=because):
            asked = None if panel.asked is None else panel.asked.person
            if person in (panel.mediator, asked):
                return gone(person, panel, because, now, around)
    return []


def _opened(command: OpenPanel, around: Around) -> list[Event]:
    opened = PanelOpened(
        around.dispute.dispute, command.kind, command.place, command.path, command.petition
    )
    return [opened, PanelPartiesLearned(speakers_of(around))]


def speakers_of(around: Around) -> tuple[Speaker, ...]:
    """All who are a party of the dispute or speak for one, with their sides."""
    dispute = around.dispute
    return tuple(Speaker(one, dispute.side_of(one) or "") for one in dispute.speakers())


def _reopened(people: tuple[str, ...], panel: Panel, now: datetime, around: Around) -> list[Event]:
    """With those who may still sit, and the mediator if they still mediate."""
    events: list[Event] = [PanelReopened()]
    if panel.mediator is not None:
        known = around.mediators.get(panel.mediator)
        if known is None or known.standing is not Standing.ACTIVE:
            suspended = known is not None and known.standing is Standing.SUSPENDED
            because = NotFilled.SUSPENDED if suspended else NotFilled.RETIRED
            events += gone(panel.mediator, after(panel, events), because, now, around)
    return [*events, *seating.looked_at_again(people, after(panel, events), now, around)]


def _completed(panel: Panel) -> list[Event]:
    """With a mediator and enough members the panel is complete: that is said when it comes about,
    and when another member sits.
    """
    members = panel.members
    if panel.status is not Status.OPEN or panel.mediator is None or len(members) < QUORUM:
        return []
    if set(members) <= set(panel.complete):
        return []
    return [PanelComplete(panel.dispute, members)]


def _must_be_asked(by: str, panel: Panel) -> None:
    asked = None if panel.asked is None else panel.asked.person
    seat = panel.seat_of(by)
    if by != asked and (seat is None or seat.asked is None):
        raise Rejected("panel-not-asked", "nobody asks you for anything here")


def _said(verb: str, by: str, text: str, panel: Panel) -> list[Event]:
    if not text:
        return []
    new: list[Event] = [] if by in panel.writers else [PanelWordLeft(by)]
    return [*new, PanelReasonGiven(verb, by, text)]


def _forgotten(person: str, panel: Panel, now: datetime, around: Around) -> list[Event]:
    """Their part goes to somebody else, and with their words all words go."""
    left = gone(person, panel, NotFilled.ERASED, now, around)
    if panel.status is not Status.OPEN:
        left = [one for one in left if not isinstance(one, MediatorSought | PanelSeatVacant)]
    words: list[Event] = [PanelWordsForgotten(person)] if person in panel.writers else []
    return [*left, *words]


# --- time ----------------------------------------------------------------------------------------


def due(panel: Panel) -> datetime | None:
    """When somebody who is asked should have answered."""
    asked = [panel.asked, *(one.asked for one in panel.seats)]
    return min((one.until for one in asked if one is not None), default=None)


def _passed(panel: Panel, now: datetime, around: Around) -> list[Event]:
    events: list[Event] = []
    for asked in (panel.asked, *(one.asked for one in panel.seats)):
        if asked is not None and asked.until <= now:
            panel_now = after(panel, events)
            events += gone(asked.person, panel_now, NotFilled.LAPSED, now, around)
    return events


def open_verbs(panel: Panel) -> tuple[str, ...]:
    """The verbs that this panel knows now."""
    return VERBS if panel.status is Status.OPEN else ()


panel = Aggregate(
    kind="panel",
    initial=Panel(),
    decide=decide,
    evolve=evolve,
    events=(
        PanelOpened,
        PanelPartiesLearned,
        PanelLineNamed,
        MediatorAsked,
        MediatorNotWon,
        MediatorAppointed,
        MediatorReleased,
        MediatorSought,
        MediatorRefused,
        PanelSeatAdded,
        PanelSeatDropped,
        PanelMemberAsked,
        PanelSeatFreed,
        PanelMemberSeated,
        PanelMemberLeft,
        PanelSeatVacant,
        PanelComplete,
        PanelTieLearned,
        PanelHouseholdLearned,
        PetitionAnswerLearned,
        PanelWordLeft,
        PanelEnded,
        PanelReopened,
        PanelWordsForgotten,
        PanelReasonGiven,
    ),
    due=due,
)
