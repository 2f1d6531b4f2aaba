"""The dispatch board: orders that wait for somebody, by the time that is left, and who could take
each, with the reasons.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from services.gateway.pages.asking import Missing, fresh_key
from services.gateway.pages.forms import quoted
from services.gateway.pages.languages import marked
from services.gateway.pages.rendering import go
from services.gateway.pages.staff.desk import Desk, at_desk, query
from services.gateway.pages.staff.fields import Field, Kind, Typed
from services.gateway.pages.staff.register_words import CHOICES, VERBS
from services.gateway.pages.staff.sending import Open, Setback, sent
from services.gateway.pages.staff.unknown_verbs import form_for
from services.gateway.pages.staff.verbs import Form, plain_form

PATH = "/work/orders"
AT_ONCE = 100
WAITING = ("seeking", "offered")
DISPATCH = "dispatch"
"""The verb whose volunteers are chosen among the candidates."""
STATUSES: Mapping[str, str] = {
    "seeking": marked("正在寻找志愿者"),
    "offered": marked("等待接单"),
    "accepted": marked("已接单"),
    "agreed": marked("已约好时间"),
    "begun": marked("服务中"),
    "finished": marked("等待确认"),
    "done": marked("已完成"),
    "cancelled": marked("已取消"),
    "ended": marked("不能提供"),
}
TONES: Mapping[str, str] = {
    "seeking": "you",
    "accepted": "work",
    "agreed": "work",
    "begun": "work",
    "finished": "you",
    "done": "done",
}
PARTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "waiting": (marked("等人接单"), WAITING),
    "alarmed": (marked("需要处理"), ()),
    "under-way": (marked("已有人接"), ("accepted", "agreed", "begun", "finished")),
    "over": (marked("已结束"), ("done", "cancelled", "ended")),
}
"""Which orders are shown, and in which status they are."""
ALARMS: Mapping[str, str] = {
    "overdue": marked("没有人接单，已经上报到这一级"),
    "untaken": marked("仍然没有人接单"),
    "not-begun": marked("约定的时间没有开始"),
    "unconfirmed": marked("到场没有得到确认"),
    "disputed": marked("双方说法不一"),
    "rated-low": marked("评价很低"),
}
LACKS: Mapping[str, str] = {
    "own-order": marked("是本人的单"),
    "asked-before": marked("已经问过"),
    "enough-at-hand": marked("手上的单已满"),
    "not-a-volunteer": marked("不是志愿者"),
    "volunteer-suspended": marked("暂停服务"),
    "guardian-must-consent": marked("需要监护人同意"),
    "not-for-minors": marked("未成年人不能做"),
    "too-late-for-minors": marked("时间太晚，未成年人不能做"),
    "too-young": marked("年龄不够"),
    "too-old": marked("年龄超过"),
    "training-missing": marked("没有要求的培训"),
    "skill-missing": marked("没有要求的技能"),
    "not-in-the-team": marked("不在服务队里"),
    "suspended-in-the-team": marked("在服务队里暂停"),
}
"""Why somebody is not asked."""
ASKING = plain_form(
    marked("派给选中的人"),
    Field(
        "to",
        marked("派给谁"),
        Kind.SEVERAL,
        hint=marked("可以同时问几位，先接的得单。"),
        offers="candidates",
    ),
    done=marked("已经派单，正在等对方答复。"),
)
DONE = marked("已经记录。")


@at_desk()
async def board(desk: Desk) -> Response:
    """``GET /work/orders?part=``"""
    asked = desk.request.query_params
    part = asked.get("part", "") if asked.get("part") in PARTS else next(iter(PARTS))
    place = asked.get("place", "")
    about: dict[str, Any] = {
        "place": place,
        "status": PARTS[part][1],
        "alarmed": True if part == "alarmed" else None,
        "limit": AT_ONCE,
        "cursor": asked.get("cursor"),
    }
    found = await desk.get("volunteering", "/orders", about)
    more = None
    if found["next"]:
        more = PATH + query({"part": part, "place": place, "cursor": found["next"]})
    say = desk.texts.gettext
    return await desk.page(
        "staff/orders.html",
        sorts=[(PATH + query({"part": one}), say(words)) for one, (words, _) in PARTS.items()],
        here=PATH + query({"part": part}),
        orders=sorted(found["items"], key=pressing),
        more=more,
        services=await _services(desk),
        **_words(),
    )


def pressing(order: Mapping[str, Any]) -> tuple[bool, datetime]:
    """Orders by the time that is left: an alarm first, then what climbs soonest."""
    return not order.get("alarm"), datetime.fromisoformat(until(order))


def until(order: Mapping[str, Any]) -> str:
    """What runs out next: the time at this level, or the last that the resident wants."""
    wanted = [one["end"] for one in order["times"]]
    return str(order.get("climb_by") or order["begin"] or max(wanted, default=order["placed_at"]))


@at_desk()
async def order(desk: Desk) -> Response:
    """``GET /work/orders/{id}``"""
    return await _shown(desk, desk.request.path_params["id"])


@at_desk()
async def act(desk: Desk) -> Response:
    """``POST /work/orders/{id}/{verb}``"""
    id, verb = desk.request.path_params["id"], desk.request.path_params["verb"]
    form = await _form(desk, verb)
    if form is None:
        raise Missing
    done = await sent(desk, "volunteering", f"/orders/{quoted(id)}/{verb}", form, verb)
    if isinstance(done, Setback):
        return await _shown(desk, id, done)
    return go(f"{PATH}/{quoted(id)}", form.done)


async def _form(desk: Desk, verb: str) -> Form | None:
    return ASKING if verb == DISPATCH else await form_for(desk, "volunteering", "orders", verb)


async def _shown(desk: Desk, id: str, setback: Setback | None = None) -> Response:
    path = f"/orders/{quoted(id)}"
    found = await desk.get("volunteering", path)
    history = await desk.maybe("volunteering", f"{path}/timeline")
    weighed = await desk.maybe("volunteering", f"{path}/candidates", {"fresh": True})
    candidates = [] if weighed is None else weighed["items"]
    forms = []
    for verb in found["can"]:
        form = await _form(desk, verb)
        if form is not None:
            back = setback if setback is not None and setback.verb == verb else None
            typed = Typed() if back is None else back.typed
            forms.append(Open(verb, form, fresh_key(), typed, back is not None))
    asking = next((one for one in forms if one.verb == DISPATCH), None)
    return await desk.page(
        "staff/order.html",
        status=HTTPStatus.OK if setback is None else setback.status,
        order=found,
        until=until(found),
        candidates=candidates,
        asked={one["volunteer"] for one in found.get("offers", ())},
        asking=asking,
        forms=[one for one in forms if one is not asking],
        told=[one["data"] for one in found.get("dossier", ()) if one["data"]],
        steps=[] if history is None else history["items"][::-1],
        setback=setback,
        services=await _services(desk),
        verb_labels=VERBS["orders"],
        **_words(),
    )


async def _services(desk: Desk) -> dict[str, str]:
    """What the services of the catalogue are called."""
    found = await desk.maybe("volunteering", "/services")
    return {} if found is None else {one["code"]: one["name"] for one in found["items"]}


def _words() -> dict[str, Any]:
    return {
        "order_statuses": STATUSES,
        "order_tones": TONES,
        "alarms": ALARMS,
        "lacks": LACKS,
        "choices": CHOICES,
        "until_of": until,
    }
