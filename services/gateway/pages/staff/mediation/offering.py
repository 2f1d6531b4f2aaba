"""What the forms of the mediation room choose from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.gateway.pages.dispute_words import SIDE
from services.gateway.pages.staff.desk import Desk
from services.gateway.pages.staff.mediation.room import Room, Told
from services.gateway.pages.staff.mediation.wording import SEATS, TIES
from services.gateway.pages.staff.wording import DUTIES

Offers = Mapping[str, list[tuple[str, str]]]
"""By what a field asks for: values, each with its words."""


def name_of(room: Room, desk: Desk) -> Callable[[str | None], str]:
    """What somebody is called in this room; the id of whom nobody here names."""

    def name(person: str | None) -> str:
        if person is None:
            return "—"
        if person == desk.session.sub:
            return desk.texts.gettext("我")
        return room.people.get(person, person)

    return name


def party_of(room: Room, desk: Desk) -> Callable[[str], str]:
    """What a party is called, with its side."""
    sides = {} if room.dispute is None else {one["party"]: one for one in room.dispute["parties"]}

    def name(key: str) -> str:
        one = sides.get(key)
        if one is None:
            return room.parties.get(key) or key
        side = desk.texts.gettext(SIDE.get(one["side"], one["side"]))
        called = room.parties.get(key) or one["organisation"] or one["person"] or key
        return f"{side} {called}"

    return name


def general(room: Room, desk: Desk) -> dict[str, list[tuple[str, str]]]:
    """What does not depend on which session or agreement it is."""
    say, name, party = desk.texts.gettext, name_of(room, desk), party_of(room, desk)
    dispute: Told = room.dispute or {"parties": [], "oral": None}
    panel: Told = room.panel or {"seats": [], "mediator": None, "asked": None}
    taking_part = [panel["mediator"], (panel["asked"] or {}).get("person")]
    for seat in panel["seats"]:
        taking_part += [seat["person"], (seat["asked"] or {}).get("person")]
    oral = dispute["oral"]
    return {
        "parties": [(one["party"], party(one["party"])) for one in dispute["parties"]],
        "sides": [
            (side, say(SIDE.get(side, side)))
            for side in sorted({one["side"] for one in dispute["parties"]})
        ],
        "records": [] if oral is None else [(str(oral["number"]), str(oral["number"]))],
        "mediators": [
            (one["mediator"], name(one["mediator"])) for one in room.suggestions if one["fits"]
        ],
        "vacant": [(seat, say(SEATS.get(seat, seat))) for seat in room.candidates],
        "extra": [(one["code"], one["code"]) for one in panel["seats"] if one["extra"]],
        "candidates": [
            (one["person"], f"{say(DUTIES.get(one['duty'], one['duty']))}")
            for found in room.candidates.values()
            for one in found
            if one["fits"]
        ],
        "people": [(one, name(one)) for one in dict.fromkeys(taking_part) if one is not None],
        "ties": [(code, say(words)) for code, words in TIES.items()],
        "rooms": [(one["id"], f"{one['name']} ({one['capacity']})") for one in room.rooms],
        "adjourned": [
            (one["id"], desk.moment(one["begun"] or one["begin"]))
            for one in room.sessions
            if one["adjourned"] and (one["begun"] or one["begin"])
        ],
    }


def of_session(room: Room, desk: Desk, session: Mapping[str, Any]) -> Offers:
    """Of one session: its times, who is invited, the present minutes, who asks for them."""
    name = name_of(room, desk)
    minutes = session.get("minutes")
    return {
        "times": [
            (str(n), f"{desk.moment(one['begin'])} – {desk.moment(one['end'])}")
            for n, one in enumerate(session["slots"], 1)
        ],
        "invited": [(one, name(one)) for one in session["invited"]],
        "minutes": [] if minutes is None else [(str(minutes["version"]), str(minutes["version"]))],
        "released": [(str(one["release"]), name(one["to"])) for one in session.get("releases", ())],
    }


def of_agreement(room: Room, desk: Desk, agreement: Mapping[str, Any]) -> Offers:
    """Of one agreement: its clauses."""
    party = party_of(room, desk)
    return {
        "clauses": [
            (str(one["clause"]), f"{one['clause']} · {party(one['party'])}")
            for one in agreement["clauses"]
        ]
    }
