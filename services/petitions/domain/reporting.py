"""Reports about people (举报): who reports is told to nobody, and nobody answers what is said about
themselves or their own body.
"""

from dataclasses import dataclass, replace

from services.petitions.domain.ladder import Surroundings
from services.petitions.domain.state import REPORTER, Petition
from services.petitions.domain.verbs import PETITIONERS, VOICES
from shared.contracts.event import Event
from shared.contracts.types import PetitionKind
from shared.runtime.aggregate import Command, Rejected, changed


@dataclass(frozen=True, slots=True)
class ReporterKept(Event):
    """Who made the report: kept here, because its public events do not say it."""

    petitioner: str


@dataclass(frozen=True, slots=True)
class ComplaintAddressed(Event):
    """The person or organisation that it is about."""

    complained_of: str


ANYBODYS = PETITIONERS | VOICES
"""What is done with a petition as a resident, not as one who answers for it."""
PETITIONERS_TOO = frozenset({"comment", "attach"})
"""What the petitioner does as well as those who answer."""

COMMANDS = ()
EVENTS = (ReporterKept, ComplaintAddressed)


def impartial(facts: Surroundings, complained_of: str | None) -> Surroundings:
    """The facts without those who would answer about themselves or their body: their rungs count
    as vacant.
    """
    if complained_of is None:
        return facts
    rungs = (
        replace(rung, holder=None)
        if rung.holder is not None and is_partial(rung.holder, complained_of, facts)
        else rung
        for rung in facts.rungs
    )
    return replace(facts, rungs=tuple(rungs))


def is_partial(person: str, complained_of: str, facts: Surroundings) -> bool:
    """Whether the person is the one complained of, or belongs to that body."""
    return person == complained_of or complained_of in facts.bodies(person)


def must_be_impartial(petition: Petition, person: str, facts: Surroundings) -> None:
    """Raises `Rejected` for whom it is about."""
    about = petition.complained_of
    if about is not None and is_partial(person, about, facts):
        raise _partial()


def _partial() -> Rejected:
    return Rejected("partial", "nobody answers a petition about themselves or their own body")


def check_impartial(command: Command, petition: Petition, facts: Surroundings) -> None:
    """Raises `Rejected` where somebody acts on what is said about themselves or their body; as the
    one who raised it, or as a neighbour, everybody may.
    """
    about = petition.complained_of
    by: str | None = getattr(command, "by", None)
    if about is None or by is None or command.verb in ANYBODYS:
        return
    if by == petition.petitioner and command.verb in PETITIONERS_TOO:
        return
    must_be_impartial(petition, by, facts)
    if getattr(command, "org", None) == about:
        raise _partial()


def as_named(petition: Petition, by: str) -> str:
    """A person as events and dossier name them: a reporter is only called that."""
    if petition.kind is PetitionKind.REPORT and by == petition.petitioner:
        return REPORTER
    return by


def evolve(petition: Petition, event: Event) -> Petition:
    """The petition after the event."""
    match event:
        case ReporterKept(petitioner=petitioner):
            return changed(petition, petitioner=petitioner)
        case ComplaintAddressed(complained_of=complained_of):
            return changed(petition, complained_of=complained_of)
    return petition
