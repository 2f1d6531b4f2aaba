"""The pages of registers: a list, one thing with what can be done with it, and a new one."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import RedirectResponse, Response

from services.gateway.pages.asking import Missing, fresh_key, unless_away
from services.gateway.pages.forms import quoted
from services.gateway.pages.languages import marked
from services.gateway.pages.rendering import go
from services.gateway.pages.staff.desk import Desk, at_desk, query
from services.gateway.pages.staff.fields import Typed
from services.gateway.pages.staff.kept import OFFERS
from services.gateway.pages.staff.register_words import CHOICES, FIELDS, HAPPENED, VERBS
from services.gateway.pages.staff.registers import BELOW, CREATE, REGISTERS, Register
from services.gateway.pages.staff.sending import Open, Setback, sent
from services.gateway.pages.staff.unknown_verbs import creating, form_for
from services.gateway.pages.staff.verbs import Form

AT_ONCE = 30
DELIVERIES = 50
DONE = marked("已经记录。")
TIMES = frozenset(
    {
        "begin",
        "climb_by",
        "filed",
        "begun",
        "until",
        "start",
        "end",
        "ended",
        "closed",
        "drafted",
        "answer_by",
        "resolve_by",
    }
)
"""Facts that are moments."""
OF_PLACES = frozenset({"place", "parent", "home", "household"})
"""Facts that are a place."""


@at_desk()
async def listing(desk: Desk) -> Response:
    """``GET /work/registers/{register}``"""
    register = register_of(desk)
    return await _listed(desk, register)


@at_desk()
async def thing(desk: Desk) -> Response:
    """``GET /work/registers/{register}/{id}``"""
    return await shown(desk, register_of(desk), desk.request.path_params["id"])


@at_desk()
async def create(desk: Desk) -> Response:
    """``POST /work/registers/{register}``"""
    register = register_of(desk)
    form = await _creating(desk, register)
    if form is None:
        raise Missing
    path = f"/{register.name}"
    made = await sent(desk, register.service, path, form, CREATE)
    if isinstance(made, Setback):
        return await _listed(desk, register, made)
    address = f"/work/registers/{register.name}/{quoted(made['id'])}"
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


@at_desk()
async def act(desk: Desk) -> Response:
    """``POST /work/registers/{register}/{id}/{verb}``"""
    register = register_of(desk)
    id, verb = desk.request.path_params["id"], desk.request.path_params["verb"]
    form = await _form(desk, register, verb)
    if form is None or not verb:
        raise Missing
    path = f"/{register.name}/{quoted(id)}/{verb}"
    done = await sent(desk, register.service, path, form, verb)
    if isinstance(done, Setback):
        return await shown(desk, register, id, done)
    return go(f"/work/registers/{register.name}/{quoted(id)}", DONE)


def register_of(desk: Desk) -> Register:
    """The one that the path names. Raises `Missing` also for who has nothing to do with it."""
    found = REGISTERS.get(desk.request.path_params["register"])
    if found is None or not desk.has(*found.roles):
        raise Missing
    return found


async def _form(desk: Desk, register: Register, verb: str) -> Form | None:
    own = register.forms.get(verb)
    return own or await form_for(desk, register.service, register.name, verb)


async def _creating(desk: Desk, register: Register) -> Form | None:
    if not register.creates:
        return None
    own = register.forms.get(CREATE)
    return own or await creating(desk, register.service, register.name)


async def _listed(desk: Desk, register: Register, setback: Setback | None = None) -> Response:
    asked = desk.request.query_params
    place, cursor = asked.get("place", ""), asked.get("cursor")
    path = register.asked
    parameters: dict[str, Any] = {"limit": AT_ONCE, "cursor": cursor}
    asks = next(
        (register.asks[role] for role in register.roles if _asks_as(desk, register, role)), {}
    )
    parameters |= asks
    if register.by_place == BELOW:
        parameters = {}
    elif register.by_place and place:
        parameters[register.by_place] = place
    elif register.by_place == "parent":
        parameters["kind"] = "district"
    nowhere = register.within and not place
    told = {"items": []} if nowhere else await desk.get(register.service, path, parameters)
    items = _parts_of(told["items"], place) if register.by_place == BELOW else told["items"]
    form = await _creating(desk, register)
    typed = Typed() if setback is None else setback.typed
    more = None
    if told.get("next"):
        more = f"/work/registers/{register.name}" + query({"place": place, "cursor": told["next"]})
    return await desk.page(
        "staff/register.html",
        status=HTTPStatus.OK if setback is None else setback.status,
        register=register,
        items=[(_id(item), item) for item in items],
        place=place,
        nowhere=nowhere,
        own=sorted(desk.session.places),
        creating=None
        if form is None
        else Open(CREATE, form, fresh_key(), typed, setback is not None),
        offers=offers_in(desk),
        setback=setback,
        more=more,
        **_words(),
    )


async def shown(
    desk: Desk, register: Register, id: str, setback: Setback | None = None, **more: Any
) -> Response:
    """One thing, with what can be done with it; `more` is what a template of its own wants."""
    path = f"/{register.name}/{quoted(id)}"
    found = await desk.get(register.service, path)
    history = await desk.maybe(register.service, f"{path}/timeline")
    deliveries = None
    if register.name == "webhooks":
        deliveries = await unless_away(
            desk.get(register.service, f"{path}/deliveries", {"limit": DELIVERIES})
        )
    forms = []
    for verb in sorted(found.get("can", ())):
        form = await _form(desk, register, verb)
        if form is not None:
            back = setback is not None and setback.verb == verb
            typed = setback.typed if setback and back else register.before(verb, found)
            forms.append(Open(verb, form, fresh_key(), typed, back))
    return await desk.page(
        register.template,
        status=HTTPStatus.OK if setback is None else setback.status,
        register=register,
        id=id,
        thing=found,
        facts=[(name, found[name]) for name in register.facts if name in found],
        entries=[one for one in found.get("dossier", ()) if one["data"]],
        worded=found.get("words", ()) if register.name == "broadcasts" else (),
        steps=[] if history is None else history["items"][::-1],
        deliveries=deliveries,
        forms=forms,
        setback=setback,
        offers=offers_in(desk),
        **more,
        **_words(),
    )


def _asks_as(desk: Desk, register: Register, role: str) -> bool:
    return role in register.asks and desk.has(role)


def offers_in(desk: Desk) -> dict[str, list[tuple[str, str]]]:
    """What forms of registers choose from."""
    say = desk.texts.gettext
    own = [(code, code) for code in sorted(desk.session.places)]
    return {
        "own": own,
        **{name: [(code, say(words)) for code, words in those] for name, those in OFFERS.items()},
    }


def _words() -> dict[str, Any]:
    return {
        "fields": FIELDS,
        "choices": CHOICES,
        "times": TIMES,
        "of_places": OF_PLACES,
        "verbs_of": VERBS,
        "happened": HAPPENED,
    }


def _id(item: Mapping[str, Any]) -> str:
    """What a thing is known by: places and categories go by their code, rules by their kind."""
    return str(item.get("id") or item.get("code") or item["kind"])


def _parts_of(tree: list[dict[str, Any]], code: str) -> list[dict[str, Any]]:
    """What lies right below one of a tree; its tops where it is not there."""
    left = list(tree)
    while left:
        one = left.pop()
        if one["code"] == code:
            parts: list[dict[str, Any]] = one["parts"]
            return parts
        left.extend(one["parts"])
    return tree
