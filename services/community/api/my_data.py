"""One's own data over HTTP: what community holds about the caller, in one document."""

from collections.abc import Mapping
from typing import Any

from services.community.api.alliances import check_ins_api
from services.community.api.organisations import organisations_api
from services.community.api.posts import posts_api
from services.community.api.residents import residents_api
from services.community.api.visits import visits_api
from services.community.domain.organisation import Organisation, role_of
from shared.contracts.types import Id
from shared.runtime.api import CurrentCaller, CurrentStore, all_fields
from shared.runtime.identity import Caller
from shared.runtime.own_data import Held, document, own_data
from shared.runtime.policies import anyone
from shared.runtime.problems import NotFound


def membership(state: Organisation, caller: Caller) -> Mapping[str, Any]:
    """What of an organisation concerns one of its members."""
    return {
        "organisation": state.organisation,
        "name": state.name,
        "role": role_of(state, caller.sub),
    }


HELD = (
    Held(residents_api, "_id"),
    Held(check_ins_api, "person"),
    Held(visits_api, "resident"),
    Held(organisations_api, "members.person", membership),
    Held(posts_api, "term.holder", all_fields),
)
"""Where something about a person lies."""

queries = own_data(HELD)


@queries.get("/residents/{id}/export", may=anyone, note="about the caller only")
async def export(id: Id, caller: CurrentCaller, store: CurrentStore) -> dict[str, Any]:
    """All that community holds about the caller: the document of `GET /my-data`."""
    if id != caller.sub:
        raise NotFound
    return await document(store, HELD, caller)
