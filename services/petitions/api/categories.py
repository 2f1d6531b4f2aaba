"""Categories over HTTP: the table, the tree at a moment, one with its history, and suggestions."""

from collections import defaultdict
from datetime import datetime
from functools import cache
from typing import Annotated, Any

from fastapi import Body, Header, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.petitions.domain.category import category, open_verbs
from services.petitions.domain.category_commands import CallOff, Define, Retire, Revise
from services.petitions.domain.taxonomy import KnownCategory
from services.petitions.rules import rules_in_use
from services.petitions.suggesting import Suggester
from services.petitions.taxonomy import Taxonomy
from shared.contracts.types import Code, PetitionKind, Text, Title
from shared.runtime.api import (
    Create,
    CurrentCaller,
    CurrentClock,
    CurrentCopies,
    CurrentStore,
    Verb,
    aggregate_api,
)
from shared.runtime.copies import Copies
from shared.runtime.endpoints import verbs_open_to
from shared.runtime.policies import administrator, anyone
from shared.runtime.problems import NotFound, language
from shared.runtime.queries import Queries

categories_api = aggregate_api(
    category,
    collection="categories",
    tag="Categories",
    create=Create(Define, may=administrator, id=lambda command: command.code),
    verbs={
        "revise": Verb(Revise, may=administrator, begins=True),
        "call-off": Verb(CallOff, may=administrator),
        "retire": Verb(Retire, may=administrator, begins=True),
    },
    open=lambda state, _caller: open_verbs(state),
    see=anyone,
)

queries = Queries(tags=["Categories"])

Speaks = Annotated[str | None, Header(alias="accept-language")]
At = Annotated[AwareDatetime | None, Query(description="A moment; now where it is not said")]


class Described(BaseModel):
    """What somebody wants to raise, as far as it is written."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    text: Text | None = None


@queries.get("/categories", may=anyone)
async def tree(
    copies: CurrentCopies,
    clock: CurrentClock,
    accept_language: Speaks = None,
    at: At = None,
    kind: PetitionKind | None = None,
) -> dict[str, Any]:
    """All categories that take petitions at a moment, as a tree; with `kind` those that take it."""
    moment, taxonomy = at or clock.now(), _taxonomy(copies)
    parts: dict[str | None, list[dict[str, Any]]] = defaultdict(list)
    for code in taxonomy.codes():
        known = taxonomy.known(code, moment)
        if known is None or not known.open or not _takes(known, kind):
            continue
        shown = {**_shown(known, accept_language), "parts": parts[code]}
        parts[known.path[-2] if len(known.path) > 1 else None].append(shown)
    return {"at": moment, "items": parts[None]}


@queries.post("/categories/suggest", may=anyone)
async def suggest(
    copies: CurrentCopies,
    clock: CurrentClock,
    described: Annotated[Described, Body()],
    accept_language: Speaks = None,
    most: Annotated[int, Query(ge=1, le=20)] = 5,
) -> dict[str, Any]:
    """The categories that words speak for, the likeliest first, with these words."""
    taxonomy, now = _taxonomy(copies), clock.now()
    found = _suggester().suggest(described.title, described.text or "", most)
    items = []
    for suggestion in found:
        known = taxonomy.known(suggestion.code, now)
        if known is not None and known.open:
            items.append(
                {
                    **_shown(known, accept_language),
                    "score": suggestion.score,
                    "why": suggestion.why,
                }
            )
    return {"items": items}


@queries.get("/categories/{code}", may=anyone)
async def one_category(
    code: Code,
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    clock: CurrentClock,
    response: Response,
    accept_language: Speaks = None,
    at: At = None,
) -> dict[str, Any]:
    """A category at a moment, how long each level may take, and what was changed of it; what is
    changed with it says `can`.
    """
    moment = at or clock.now()
    snapshot = await store.get(category, code)
    known = _taxonomy(copies).known(code, moment)
    if known is None:
        raise NotFound
    state = category.initial if snapshot is None else snapshot.state
    version = 0 if snapshot is None else snapshot.version
    response.headers["ETag"] = f'"{version}"'
    response.headers["Cache-Control"] = "no-store"
    return {
        "id": code,
        "version": version,
        **_shown(known, accept_language),
        "names": {"zh": known.zh, "en": known.en},
        "deadlines": rules_in_use().deadlines(known),
        "revisions": [_revision(one.number, one.since, one.settings) for one in state.revisions],
        "retirement": state.retirement,
        "can": verbs_open_to(categories_api, state, caller, ()),
    }


def _revision(number: int, since: datetime, settings: Any) -> dict[str, Any]:
    said = {name: getattr(settings, name) for name in type(settings).__dataclass_fields__}
    return {"number": number, "since": since, **said}


def _takes(known: KnownCategory, kind: PetitionKind | None) -> bool:
    return kind is None or not known.kinds or kind in known.kinds


def _shown(known: KnownCategory, accept_language: str | None) -> dict[str, Any]:
    return {
        "code": known.code,
        "name": known.zh if language(accept_language) == "zh" else known.en,
        "path": known.path,
        "duty": known.duty,
        "department": known.department,
        "pace": None if known.deadlines is not None else known.pace,
        "levels": {"lowest": known.lowest, "highest": known.highest},
        "kinds": sorted(known.kinds),
        "open": known.open,
        "successor": known.successor,
    }


def _taxonomy(copies: Copies) -> Taxonomy:
    """Made anew for each request; the one that facts are made from keeps what it reckoned."""
    return Taxonomy(rules_in_use().categories, copies["category"])


@cache
def _suggester() -> Suggester:
    return Suggester(rules_in_use().categories)
