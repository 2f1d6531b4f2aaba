"""Orders (点单): what can be ordered, one's own, what one is asked to do and has taken on."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.identity import form_of, signed_in
from services.gateway.pages.asking import Missing, Refusal, ask, next_of, once, tell, unless_away
from services.gateway.pages.forms import local_time, quoted, said, values_of, whole
from services.gateway.pages.languages import marked
from services.gateway.pages.order_words import FLAG
from services.gateway.pages.places import Places, places_of
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import go, page
from services.gateway.pages.resident.deed import (
    NOTHING_FAILED,
    Deed,
    Failed,
    Values,
    doing,
    failure,
    only,
)
from services.gateway.pages.resident.picking import neighbourhood_of
from services.gateway.pages.resident.steps import latest, readable

PER_PAGE = "20"
PARTS = ("services", "mine", "offered", "taken")
"""Which list: what can be ordered, one's own orders, what one is asked to take, what one took."""
WINDOWS = range(1, 4)
"""Times that a form has room for."""
WINDOW = ("day", "from", "to")
CONTACT = ("name", "phone", "address")
NEW = ("service", "need", *CONTACT, *(f"{name}-{n}" for n in WINDOWS for name in WINDOW))
TIMES = tuple(f"{name}-{n}" for n in WINDOWS for name in WINDOW)


def times_in(values: Values) -> list[dict[str, str]]:
    """The times of a form, as services read them; what is no time is refused there."""
    return [
        {end: _moment(values[f"day-{n}"], values[f"{name}-{n}"]) for end, name in ENDS}
        for n in WINDOWS
        if any(values[f"{name}-{n}"] for name in WINDOW)
    ]


ENDS = (("begin", "from"), ("end", "to"))


def _moment(day: str, clock: str) -> str:
    moment = local_time(f"{day}T{clock}")
    return f"{day} {clock}".strip() if moment is None else moment.isoformat()


def _times(values: Values) -> dict[str, Any]:
    return {"times": times_in(values)}


def _begin(values: Values) -> dict[str, Any]:
    begin = values.get("begin", "")
    moment = local_time(begin)
    return {"begin": begin if moment is None else moment.isoformat()}


def _rating(values: Values) -> dict[str, Any]:
    flags = [code for code in FLAG if values.get(f"flag-{code}") == "yes"]
    return {
        "stars": whole(values.get("stars", "")),
        "flags": flags,
        "words": values.get("words", ""),
    }


def by_rows(refusal: Refusal, name: str, values: Values, fields: tuple[str, ...]) -> Failed:
    """A refusal by the form's fields: a time is the day, the beginning and the end of one row."""
    filled = [n for n in WINDOWS if any(values[f"{name}-{n}"] for name in WINDOW)]
    paths = {
        f"times.{at}.{end}": f"{field}-{n}" for at, n in enumerate(filled) for end, field in ENDS
    }
    paths |= {f"contact.{one}": one for one in CONTACT}
    told = failure(refusal, name, values, (*fields, *paths))
    errors = {paths.get(path, path): detail for path, detail in told.errors.items()}
    return Failed(name, values, errors, refusal.status)


DEEDS: Mapping[str, Deed] = {
    "name-times": Deed(TIMES, _times, marked("时间已改，重新找志愿者。"), failed=by_rows),
    "cancel": Deed((), only(), marked("已取消。")),
    "accept": Deed((), only(), marked("您已接单，请和对方约时间。")),
    "decline": Deed((), only(), marked("已让给下一位。"), "/orders?part=offered"),
    "give-back": Deed(
        ("because",), only("because"), marked("已交回，会另找一位。"), "/orders?part=taken"
    ),
    "propose-time": Deed(("begin",), _begin, marked("时间已告诉对方。")),
    "agree": Deed((), only(), marked("时间约好了。")),
    "begin": Deed((), only(), marked("已记下：现在开始。")),
    "finish": Deed((), only(), marked("已记下：做完了。")),
    "confirm": Deed((), only(), marked("已确认。")),
    "dispute": Deed(("words",), only("words"), marked("已提出，社区会处理。")),
    "report-absence": Deed((), only(), marked("已记下：对方没有来。")),
    "rate": Deed(
        ("stars", "words", *(f"flag-{code}" for code in FLAG)), _rating, marked("谢谢您的评价。")
    ),
}
"""What either side does with an order."""


@shown
async def orders(request: Request) -> Response:
    """One of the lists."""
    await signed_in(request)
    part = request.query_params.get("part", PARTS[0])
    if part not in PARTS:
        raise Missing
    services = await ask(request, "volunteering", "/services")
    found: dict[str, Any] = {"items": [], "next": None}
    asked = next_of(request, PER_PAGE)
    if part != PARTS[0]:
        found = await ask(request, "volunteering", f"/orders/{part}", params=asked)
    return await page(
        request,
        "resident/orders.html",
        part=part,
        services=services["items"],
        names={one["code"]: one["name"] for one in services["items"]},
        items=found["items"],
        next=found["next"],
        cursor=asked.get("cursor"),
        places=await unless_away(places_of(request), Places()),
    )


@shown
async def new(request: Request) -> Response:
    """The form for a service."""
    session = await signed_in(request)
    wanted = request.query_params.get("service", "")
    return await _form(request, Failed(values={"service": wanted, "name": session.name}))


async def _form(request: Request, filled: Failed) -> Response:
    session = await signed_in(request)
    path = f"/services/{quoted(filled.values.get('service', ''))}"
    return await page(
        request,
        "resident/order_new.html",
        status=filled.status,
        service=await ask(request, "volunteering", path),
        there=neighbourhood_of(session, await places_of(request)),
        windows=WINDOWS,
        values=filled.values,
        errors=filled.errors,
    )


@shown
async def place(request: Request) -> Response:
    """It is placed, at one's own neighbourhood."""
    session = await signed_in(request)
    form = await form_of(request)
    values = values_of(form, NEW)
    there = neighbourhood_of(session, await places_of(request))
    body: dict[str, Any] = {
        "service": values["service"],
        "place": "" if there is None else there.code,
        "need": values["need"],
        "times": times_in(values),
    }
    if contact := said({name: values[name] for name in CONTACT}):
        body["contact"] = contact
    try:
        placed = await tell(request, "volunteering", "/orders", body, key=once(form))
    except Refusal as refusal:
        return await _form(request, by_rows(refusal, "new", values, NEW))
    return go(f"/orders/{placed['id']}", marked("已点单，正在找志愿者。"))


@shown
async def order(request: Request) -> Response:
    """One of them."""
    return await _show(request, NOTHING_FAILED)


async def _show(request: Request, failed: Failed) -> Response:
    session = await signed_in(request)
    found = await ask(request, "volunteering", f"/orders/{quoted(request.path_params['id'])}")
    services = await unless_away(
        ask(request, "volunteering", f"/services/{quoted(found['service'])}")
    )
    dossier = readable(found)
    hosts = session.sub in (found.get("resident"), found.get("placed_by"))
    takes = found["volunteer"] == session.sub
    return await page(
        request,
        "resident/order.html",
        status=failed.status,
        order=found,
        service=services,
        described=latest(dossier, "OrderDescribed"),
        explained=latest(dossier, "EndExplained"),
        ratings=_ratings(found, dossier, session.sub, takes),
        hosts=hosts,
        takes=takes,
        theirs=_proposed_by_others(found, takes),
        windows=WINDOWS,
        flags=FLAG,
        places=await unless_away(places_of(request), Places()),
        failed=failed,
    )


def _ratings(
    found: Mapping[str, Any], dossier: Sequence[Mapping[str, Any]], you: str, takes: bool
) -> list[dict[str, Any]]:
    """What either side gave the other, with its words; `own` is the reader's side's."""
    worded = {
        one["data"]["by"]: one["data"]["words"] for one in dossier if one["name"] == "RatingWorded"
    }
    return [
        {
            **one,
            "own": (one["by"] == found["volunteer"]) == takes or one["by"] == you,
            "words": worded.get(one["by"], ""),
        }
        for one in found["ratings"]
    ]


def _proposed_by_others(found: Mapping[str, Any], takes: bool) -> bool:
    """Whether the other side has proposed a time."""
    proposal = found["proposal"]
    return proposal is not None and (proposal["by"] == found["volunteer"]) != takes


do = doing("volunteering", "/orders/{id}", DEEDS, _show)


ROUTES: list[BaseRoute] = [
    Route("/orders", orders),
    Route("/orders/new", new, methods=["GET"]),
    Route("/orders/new", place, methods=["POST"]),
    Route("/orders/{id}", order),
    Route("/orders/{id}/{verb}", do, methods=["POST"]),
]
