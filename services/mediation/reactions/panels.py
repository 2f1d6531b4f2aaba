"""Which events lead to which commands of mediators and panels."""

from services.mediation.domain.disputes.dispute import dispute
from services.mediation.domain.panels.answers import LearnAnswerer, answers
from services.mediation.domain.panels.mediator import mediator
from services.mediation.domain.panels.mediator_commands import (
    EndCase,
    FollowUpCase,
    ForgetMediator,
    GiveCaseAway,
    TakeCase,
)
from services.mediation.domain.panels.panel import panel
from services.mediation.domain.panels.panel_commands import (
    EndPanel,
    ForgetPerson,
    LearnAnswers,
    LearnBonds,
    LearnHousehold,
    LearnParties,
    LoseMediator,
    OpenPanel,
    ReopenPanel,
)
from services.mediation.views.disputes import all_disputes_of
from services.mediation.views.panels import all_panels_of, panels_from
from shared.contracts import community, petitions
from shared.contracts.mediation.disputes import (
    DisputeBegun,
    DisputeEnded,
    DisputeFiled,
    DisputeReopened,
    PartyAgreed,
    PartyDeclined,
    PartyInvited,
    PartyLeft,
    RepresentativeNamed,
    SettlementHolds,
    SettlementNotHolding,
)
from shared.contracts.mediation.panels import (
    MediatorAppointed,
    MediatorReleased,
    MediatorRetired,
    MediatorSuspended,
    NotFilled,
    PanelOpened,
)
from shared.neighbourhood.home import home
from shared.runtime.reactions import About, Do, Reactions

reactions = Reactions()

LAST_ROUND = 2
"""What holds then is counted as held."""


# --- the life of a panel is that of its dispute --------------------------------------------------


@reactions.on(DisputeFiled)
async def open_panel(event: DisputeFiled, about: About, do: Do) -> None:
    """Every dispute has one, with nobody on it yet."""
    opening = OpenPanel(event.kind, event.place, event.path, event.petition)
    await do(panel, event.dispute, opening)


@reactions.on(PanelOpened)
async def learn_answers(event: PanelOpened, about: About, do: Do) -> None:
    """Who has answered the petition before. Who does later is met by `learn_answerer`: the panel is
    there by now.
    """
    if event.petition is None:
        return
    known = await do.get(answers, event.petition)
    if known is not None:
        await do(panel, event.dispute, LearnAnswers(known.people))


@reactions.on(petitions.PetitionAnswered)
async def learn_answerer(event: petitions.PetitionAnswered, about: About, do: Do) -> None:
    """Whoever answers a petition does not mediate what comes of it."""
    await do(answers, event.petition, LearnAnswerer(event.by))
    async for id, _ in do.find(panel, panels_from(event.petition)):
        await do(panel, id, LearnAnswers((event.by,)))


@reactions.on(
    DisputeBegun, PartyInvited, PartyAgreed, PartyDeclined, PartyLeft, RepresentativeNamed
)
async def learn_parties(
    event: DisputeBegun
    | PartyInvited
    | PartyAgreed
    | PartyDeclined
    | PartyLeft
    | RepresentativeNamed,
    about: About,
    do: Do,
) -> None:
    """Who is tied to somebody who has become a party, or speaks for one, goes: who lives with them,
    too.
    """
    known, of = await do.get(panel, event.dispute), await do.get(dispute, event.dispute)
    if known is None or of is None:
        return
    speak = [one.representative for one in of.parties if one.representative is not None]
    households: list[str] = []
    for one in speak:
        lives = await do.get(home, one)
        if lives is not None and lives.household is not None:
            households.append(lives.household)
    await do(panel, event.dispute, LearnParties(known.people, tuple(households)))


@reactions.on(DisputeEnded)
async def end(event: DisputeEnded, about: About, do: Do) -> None:
    """The panel has nothing to do any more; the case is counted for its mediator."""
    await do(panel, event.dispute, EndPanel())
    # Nobody is appointed any more: whoever mediates now does so to the end, whether the dispute
    # had heard of it or not. Who was refused in that very moment had mediated until then.
    known = await do.get(panel, event.dispute)
    present = None if known is None else known.mediator
    if (mediated := present or event.mediator) is not None:
        ended = EndCase(event.dispute, event.outcome.value, event.days)
        await do(mediator, mediated, ended)


@reactions.on(DisputeReopened)
async def reopen(event: DisputeReopened, about: About, do: Do) -> None:
    """It has something to do again, with those who may still sit."""
    known = await do.get(panel, event.dispute)
    if known is None:
        return
    await do(panel, event.dispute, ReopenPanel(known.people))
    if known.mediator is not None:
        await do(mediator, known.mediator, TakeCase(event.dispute, again=True))


# --- what a mediator has at hand, and has brought to an end --------------------------------------


@reactions.on(MediatorAppointed)
async def take_case(event: MediatorAppointed, about: About, do: Do) -> None:
    """It is at hand."""
    await do(mediator, event.mediator, TakeCase(event.dispute))


@reactions.on(MediatorReleased)
async def give_case_away(event: MediatorReleased, about: About, do: Do) -> None:
    """It is not at hand any more."""
    await do(mediator, event.mediator, GiveCaseAway(event.dispute))


@reactions.on(SettlementHolds, SettlementNotHolding)
async def follow_up(event: SettlementHolds | SettlementNotHolding, about: About, do: Do) -> None:
    """What was settled is counted once as held, at the last round, or as not."""
    holds = isinstance(event, SettlementHolds)
    if event.mediator is None or (holds and event.round < LAST_ROUND):
        return
    await do(mediator, event.mediator, FollowUpCase(event.dispute, holds))


@reactions.on(MediatorSuspended, MediatorRetired)
async def replace(event: MediatorSuspended | MediatorRetired, about: About, do: Do) -> None:
    """Others mediate what is at hand; when only a term is over it is brought to its end."""
    because = NotFilled.SUSPENDED
    if isinstance(event, MediatorRetired):
        if event.because == "term":
            return
        because = NotFilled.ERASED if event.because == "erased" else NotFilled.RETIRED
    lost = LoseMediator(event.mediator, because)
    async for id, _ in do.find(panel, all_panels_of("people", event.mediator)):
        await do(panel, id, lost)


# --- what becomes of people ----------------------------------------------------------------------


@reactions.on(community.ResidentRegistered, community.ResidentMoved)
async def look_at_home(
    event: community.ResidentRegistered | community.ResidentMoved, about: About, do: Do
) -> None:
    """They may live with a party now, or, where they are one or speak for one, with somebody on the
    panel.
    """
    await _look_again(event.resident, do)
    async for id, of in do.find(dispute, all_disputes_of("people", event.resident)):
        known = await do.get(panel, id)
        if known is not None and any(event.resident in one.people for one in of.parties):
            await do(panel, id, LearnHousehold(event.household, known.people))


@reactions.on(community.OrganisationMemberJoined)
async def look_at_body(event: community.OrganisationMemberJoined, about: About, do: Do) -> None:
    """They may belong to an organisation that is a party now."""
    await _look_again(event.person, do)


async def _look_again(person: str, do: Do) -> None:
    async for id, _ in do.find(panel, all_panels_of("people", person)):
        await do(panel, id, LearnBonds(person))


@reactions.on(community.ResidentErased)
async def forget(event: community.ResidentErased, about: About, do: Do) -> None:
    """Their part goes to others, and their words go."""
    await do(mediator, event.resident, ForgetMediator())
    theirs: dict[str, None] = {}
    for field in ("people", "writers"):
        found = do.find(panel, all_panels_of(field, event.resident))
        theirs |= {id: None async for id, _ in found}
    await do.many((panel, id, ForgetPerson(event.resident)) for id in theirs)
