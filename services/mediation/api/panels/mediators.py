"""Over HTTP: the registry of mediators (和事佬)."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.mediation.access import CONVENORS, convenor_there
from services.mediation.domain.panels.mediator import mediator, open_verbs
from services.mediation.domain.panels.mediator_commands import (
    IntroduceMediator,
    RegisterMediator,
    ResumeMediator,
    RetireMediator,
    ReviseMediator,
    SetTerm,
    SuspendMediator,
    TrainMediator,
)
from services.mediation.domain.panels.mediator_state import Mediator, Standing
from services.mediation.views.panels import mediators_listed
from shared.contracts.mediation.disputes import DisputeKind, Outcome
from shared.contracts.types import LanguageTag, PlaceCode, Title
from shared.neighbourhood.scopes import path_of
from shared.runtime.api import (
    AggregateApi,
    Create,
    CurrentCaller,
    CurrentCopies,
    CurrentStore,
    Dossier,
    Verb,
    aggregate_api,
)
from shared.runtime.copies import Copies
from shared.runtime.cursors import Cursor, Limit, decode, encode
from shared.runtime.identity import Caller
from shared.runtime.policies import anyone, owner
from shared.runtime.queries import Queries

the_person = owner("person")
their_own = the_person | convenor_there
OPEN_WORDS = "MediatorIntroduced"
"""What everybody reads of the words; the rest is between the mediator and convenors."""


def lies_in(copies: Copies, state: Mediator | None, command: Any) -> Sequence[str]:
    """The path of where they live."""
    return path_of(copies, command.place if state is None else state.place)


def shown(state: Mediator, caller: Caller) -> Mapping[str, Any]:
    """What everybody sees; how disputes ended one by one only the mediator and convenors. Which
    disputes are at hand nobody sees here.
    """
    outcomes = dict(state.outcomes)
    open_to_all = {
        "person": state.person,
        "standing": state.standing,
        "place": state.place,
        "serves": state.serves,
        "fields": state.fields,
        "languages": state.languages,
        "until": state.until,
        "trainings": state.trainings,
        "most_cases": state.most_cases,
        "at_hand": len(state.cases),
        "ended": state.ended,
        "settled": outcomes.get(Outcome.SETTLED.value, 0),
    }
    if caller.sub != state.person and caller.roles.isdisjoint(CONVENORS):
        return open_to_all
    return {
        **open_to_all,
        "outcomes": outcomes,
        "days": state.days,
        "given_away": state.given_away,
        "held": state.held,
        "broken": state.broken,
    }


def entry_for(
    name: str, data: Mapping[str, Any], state: Mediator, caller: Caller
) -> Mapping[str, Any]:
    """Name and introduction are for everybody."""
    if name == OPEN_WORDS or caller.sub == state.person:
        return data
    return data if caller.roles & set(CONVENORS) else {}


mediators_api: AggregateApi = aggregate_api(
    mediator,
    collection="mediators",
    tag="Mediators",
    create=Create(RegisterMediator, may=convenor_there, id=lambda command: command.person),
    verbs={
        "revise": Verb(ReviseMediator, may=convenor_there),
        "introduce": Verb(IntroduceMediator, may=their_own),
        "train": Verb(TrainMediator, may=convenor_there),
        "set-term": Verb(SetTerm, may=convenor_there),
        "suspend": Verb(SuspendMediator, may=convenor_there),
        "resume": Verb(ResumeMediator, may=convenor_there),
        "retire": Verb(RetireMediator, may=their_own),
    },
    open=lambda state, _caller: open_verbs(state),
    see=anyone,
    shown=shown,
    dossier=Dossier(see=anyone, subject="person", shown=entry_for),
    lies_in=lies_in,
    history=the_person,
)

queries = Queries(tags=["Mediators"])


@queries.get("/mediators", may=anyone, note="without what is at hand")
async def list_mediators(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode | None = None,
    field: DisputeKind | None = None,
    language: LanguageTag | None = None,
    text: Title | None = None,
    standing: Standing = Standing.ACTIVE,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Mediators who serve a place (also by serving one above it), with that text in their name or
    introduction.
    """
    serving = () if place is None else path_of(copies, place)
    if place is not None and not serving:
        return {"items": [], "next": None}
    asked = mediators_listed(
        serving,
        standing,
        field=field,
        language=language,
        text=text,
        limit=limit,
        after=decode(cursor),
    )
    page = await store.journal.find("mediator", asked)
    words = await store.journal.dossiers([mediator.stream(item.id) for item in page.items])
    items = []
    for item in page.items:
        entries = words.get(mediator.stream(item.id), ())
        said = [one.data for one in entries if one.name == OPEN_WORDS]
        introduced = said[-1] if said else {}
        state = store.read(mediator, item)
        items.append(
            {
                "id": item.id,
                "version": item.version,
                "name": introduced.get("name"),
                "introduction": introduced.get("introduction"),
                **shown(state, caller),
            }
        )
    return {"items": items, "next": encode(page.next)}
