"""What stands in the mediation room: read from mediation for whoever looks, as far as they may.

Who organises sees no words; who is asked to mediate, or to take a seat, sees the panel alone until
they accept; a private talk is there for the mediator and that side only. What is not for the
reader, mediation does not tell, and the room is shown without it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from services.gateway.pages.asking import Missing, fresh_key
from services.gateway.pages.forms import quoted
from services.gateway.pages.staff.desk import Desk
from services.gateway.pages.staff.fields import Typed
from services.gateway.pages.staff.mediation import forms as table
from services.gateway.pages.staff.sending import Open, Setback
from services.gateway.pages.staff.verbs import Form
from services.gateway.pages.times import read

CONVENING = ("community-staff", "street-staff")
"""Who organises mediation in their places."""
SUGGESTED = 12
"""Mediators that are shown with their reasons."""
MOST_MEDIATORS = 200
MOST_SESSIONS = 20
MAKING = ("drafted", "signed")
"""An agreement that is in the making: there is one at a time."""

Told = dict[str, Any]
Forms = list[Open]


@dataclass(slots=True)
class Room:
    """All of it; `words` has by party what it is called, `people` by subject. `forms` are by
    collection and id.
    """

    id: str
    dispute: Told | None = None
    panel: Told | None = None
    sessions: list[Told] = field(default_factory=list)
    evidence: list[Told] | None = None
    agreements: list[Told] = field(default_factory=list)
    differences: Told | None = None
    suggestions: list[Told] = field(default_factory=list)
    candidates: dict[str, list[Told]] = field(default_factory=dict)
    rooms: list[Told] = field(default_factory=list)
    steps: list[Told] = field(default_factory=list)
    parties: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    forms: dict[tuple[str, str], Forms] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What the quarrel is about."""
        return str((self.dispute or self.panel or {})["kind"])

    @property
    def place(self) -> str:
        """Where it is."""
        return str((self.dispute or self.panel or {})["place"])

    @property
    def told(self) -> list[Told]:
        """What was said of it, by whom, the first first."""
        return entries(self.dispute, "DisputeTold")

    @property
    def title(self) -> str:
        """What it is called, where that is for the reader."""
        return next((one["title"] for one in reversed(self.told) if one.get("title")), "")

    @property
    def agreement(self) -> Told | None:
        """The one that counts: the last."""
        return self.agreements[-1] if self.agreements else None

    def of(self, collection: str, id: str) -> Forms:
        """The forms of a thing."""
        return self.forms.get((collection, id), [])


def entries(thing: Mapping[str, Any] | None, name: str) -> list[Told]:
    """What the dossier of a thing has under this name, empty where nothing is for the reader."""
    dossier = () if thing is None else thing.get("dossier", ())
    return [one["data"] for one in dossier if one["name"] == name and one["data"]]


async def room_of(desk: Desk, id: str) -> Room:
    """The room of a dispute. Raises `Missing` for whom it does not exist."""
    path = quoted(id)
    dispute, panel = await asyncio.gather(
        desk.maybe("mediation", f"/disputes/{path}"), desk.maybe("mediation", f"/panels/{path}")
    )
    room = Room(id, dispute, panel)
    if dispute is None and panel is None:
        raise Missing
    if dispute is not None:
        await _about(desk, room, dispute)
    await _mediators(desk, room)
    if panel is not None:
        await _to_be_asked(desk, room, panel)
    return room


async def _about(desk: Desk, room: Room, dispute: Told) -> None:
    """Sessions, evidence, agreements and history of the dispute."""
    path = quoted(room.id)
    sessions, room.evidence, agreements, history, rooms = await asyncio.gather(
        _items(desk, "/sessions", {"of": room.id, "limit": MOST_SESSIONS}),
        _evidence(desk, path),
        _items(desk, f"/disputes/{path}/agreements"),
        _items(desk, f"/disputes/{path}/timeline"),
        _items(desk, "/rooms", {"place": dispute["place"]}),
    )
    room.steps, room.rooms = history[::-1], rooms
    read_whole = [f"/sessions/{quoted(one['id'])}" for one in sessions]
    read_whole += [f"/agreements/{quoted(one['id'])}" for one in agreements]
    whole = [
        one
        for one in await asyncio.gather(*(desk.maybe("mediation", each) for each in read_whole))
        if one is not None
    ]
    room.sessions = [one for one in whole if "slots" in one]
    room.agreements = [one for one in whole if "clauses" in one]
    last = room.agreement
    if last is not None and last["number"] > 1 and entries(last, "AgreementWorded"):
        compared = {"from": last["number"] - 1, "to": last["number"]}
        room.differences = await desk.maybe(
            "mediation", f"/agreements/{quoted(last['id'])}/differences", compared
        )
    for one in entries(dispute, "PartyContactGiven"):
        room.parties[one["party"]] = one.get("name") or ""
    room.people |= {
        one["person"]: room.parties[one["party"]]
        for one in dispute["parties"]
        if one["person"] is not None and room.parties.get(one["party"])
    }


async def _items(desk: Desk, path: str, asked: Mapping[str, Any] | None = None) -> list[Told]:
    found = await desk.maybe("mediation", path, asked)
    return [] if found is None else list(found["items"])


async def _evidence(desk: Desk, path: str) -> list[Told] | None:
    """What is open to the reader, with what they can do with their own; None: it is none of
    their business.
    """
    found = await desk.maybe("mediation", f"/disputes/{path}/evidence", {"limit": 200})
    if found is None:
        return None
    items: list[Told] = found["items"]
    own = [one for one in items if one["filed_by"] == desk.session.sub]
    whole = await asyncio.gather(
        *(desk.maybe("mediation", f"/evidence/{quoted(one['id'])}") for one in own)
    )
    for one, more in zip(own, whole, strict=True):
        one["can"] = [] if more is None else more["can"]
    return items


async def _mediators(desk: Desk, room: Room) -> None:
    """What those are called who mediate around there."""
    asked = {"place": room.place, "limit": MOST_MEDIATORS}
    for one in await _items(desk, "/mediators", asked):
        if one["name"]:
            room.people.setdefault(one["id"], one["name"])


async def _to_be_asked(desk: Desk, room: Room, panel: Told) -> None:
    """Who could mediate and who could sit, for who asks them."""
    path = quoted(room.id)
    if "appoint" in panel["can"]:
        room.suggestions = await _items(desk, f"/panels/{path}/suggestions", {"limit": SUGGESTED})
    if "name-member" in panel["can"]:
        vacant = [
            one["code"] for one in panel["seats"] if one["person"] is None and one["asked"] is None
        ]
        found = await asyncio.gather(
            *(_items(desk, f"/panels/{path}/candidates", {"seat": seat}) for seat in vacant)
        )
        room.candidates = dict(zip(vacant, found, strict=True))


def fill(room: Room, desk: Desk, setback: Setback | None) -> None:
    """Brings the forms of all that can be done into the room."""
    things = [("disputes", room.dispute), ("panels", room.panel)]
    things += [("sessions", one) for one in room.sessions]
    things += [("agreements", one) for one in room.agreements]
    things += [("evidence", one) for one in room.evidence or ()]
    for collection, thing in things:
        if thing is None or not thing.get("can"):
            continue
        known = table.FORMS[collection]
        found = [(verb, known[verb]) for verb in known if verb in thing["can"]]
        before = _present(thing) if collection == "agreements" else Typed()
        room.forms[collection, thing["id"]] = [
            opened(f"{collection}/{thing['id']}", verb, form, setback, before)
            for verb, form in found
        ]
    beneath = [*_convening(room, desk), *_drafting(room)]
    room.forms["beneath", room.id] = [
        opened("beneath", verb, form, setback) for verb, form in beneath
    ]


def opened(
    of: str, verb: str, form: Form, setback: Setback | None, before: Typed | None = None
) -> Open:
    """A form on the page: as it was sent where it comes back, else with what is there `before`."""
    if setback is not None and setback.verb == f"{of}/{verb}":
        return Open(verb, form, fresh_key(), setback.typed, True)
    drafts = before if before is not None and verb == table.NEXT_DRAFT else None
    return Open(verb, form, fresh_key(), drafts or Typed())


def convening(room: Room, desk: Desk) -> str | None:
    """Whether the reader convenes sessions: the mediator, naming no place (empty); while there is
    none a convenor, for the place that they work for. None: they do not.
    """
    dispute = room.dispute
    if dispute is None or dispute["status"] != "mediating":
        return None
    if dispute["mediator"] == desk.session.sub:
        return ""
    own = [code for code in dispute["path"] if code in desk.session.places]
    if dispute["mediator"] is None and own and desk.has(*CONVENING):
        return own[-1]
    return None


def _convening(room: Room, desk: Desk) -> Iterable[tuple[str, Form]]:
    where = convening(room, desk)
    if where is None or room.dispute is None:
        return
    left_out = set() if room.dispute["panel"] else {"panel"}
    if where:
        left_out.add("side")
    if not any(one["adjourned"] for one in room.sessions):
        left_out.add("after")
    fields = tuple(one for one in table.CONVENING.fields if one.name not in left_out)
    yield table.CONVENE, replace(table.CONVENING, fields=fields)


def _drafting(room: Room) -> Iterable[tuple[str, Form]]:
    can = () if room.dispute is None else room.dispute["can"]
    if table.DRAFT in can and not any(one["status"] in MAKING for one in room.agreements):
        yield table.DRAFT, table.DRAFTING


def _present(agreement: Told) -> Typed:
    """The present version, as it is typed: to be changed into the next."""
    versions = entries(agreement, "AgreementWorded")
    if not versions:
        return Typed()
    clauses = [
        {
            "party": one["party"],
            "what": one["what"],
            "until": read(one["until"]).date().isoformat(),
            "cents": "" if one.get("cents") is None else f"{one['cents'] / 100:.2f}",
        }
        for one in versions[-1]["clauses"]
    ]
    points = "\n".join(versions[-1]["open_points"])
    return Typed(values={"clauses": clauses, "open_points": points})
