"""What mediation says of a dispute, with `text` in every place where somebody wrote it: as its
mediator sees it, with every verb open at once.
"""

from typing import Any

from services.gateway.identity import Session
from tests.services.gateway.pages.household import FORGERY, HOME, Services, services

DISPUTE, SESSION, TALK, EVIDENCE = "dispute-1", "session-1", "session-2", "evidence-1"
AGREEMENT = f"{DISPUTE}.1"
ROOM = f"/work/disputes/{DISPUTE}"
MEDIATOR = Session(
    sub="mediator-1",
    name="蔡阿姨",
    roles=frozenset({"mediator", "community-staff"}),
    places=frozenset({"D1-S1-C1"}),
    org=None,
    access_token="token-of-mediator-1",
    csrf=FORGERY.token("session-of-mediator-1"),
)
PATH = ["D1", "D1-S1", "D1-S1-C1", "D1-S1-C1-A1", HOME]
AT, LATER, DUE = "2026-11-25T01:00:00Z", "2026-12-02T02:00:00Z", "2026-12-20T15:59:59Z"


def entry(name: str, data: dict[str, Any], version: int = 1) -> dict[str, Any]:
    """One of a dossier."""
    return {"version": version, "name": name, "at": AT, "data": data}


def dispute(text: str, **changes: Any) -> dict[str, Any]:
    """A dispute that is being mediated."""
    return {
        "id": DISPUTE,
        "version": 7,
        "status": "mediating",
        "kind": "noise",
        "place": HOME,
        "path": PATH,
        "filed_by": "resident-1",
        "filed_for": "p1",
        "filed": AT,
        "petition": "petition-1",
        "linked": True,
        "parties": [
            _party("p1", "a", "resident-1", "agreed"),
            _party("p2", "b", "resident-2", "agreed"),
        ],
        "own_party": None,
        "risks": ["violence"],
        "mediator": "mediator-1",
        "panel": ["officer-1", "lawyer-1", "secretary-1"],
        "begun": AT,
        "until": DUE,
        "extended": False,
        "extension": {"proposed_by": "mediator-1", "until": DUE, "consents": ["p1"]},
        "agreement": None,
        "oral": {"number": 1, "confirmed": ["p1"]},
        "ended": None,
        "outcome": None,
        "because": None,
        "passed_to": None,
        "follow_up": {"round": 1, "until": DUE},
        "holds": None,
        "reopen_until": DUE,
        "reopened": 0,
        "late": "mediator",
        "can": ["agreements", "evidence", "fail", "pass-on", "record-settlement", "tell"],
        "dossier": [
            entry("DisputeTold", {"party": "p1", "title": text, "text": text}),
            entry(
                "PartyContactGiven", {"party": "p1", "name": text, "phone": text, "address": text}
            ),
            entry("SettlementWritten", {"number": 1, "text": text}),
        ],
        **changes,
    }


def _party(key: str, side: str, person: str, consent: str) -> dict[str, Any]:
    return {
        "party": key,
        "side": side,
        "person": person,
        "organisation": None,
        "representative": None,
        "consent": consent,
        "recorded": None,
    }


def panel(**changes: Any) -> dict[str, Any]:
    """Its panel, as who organises it sees it: nobody sits yet."""
    seats = ("party-secretary", "police-officer", "lawyer", "property-or-street")
    return {
        "id": DISPUTE,
        "version": 3,
        "status": "open",
        "kind": "noise",
        "place": HOME,
        "mediator": None,
        "asked": {"person": "mediator-1", "until": LATER},
        "line": ["mediator-2"],
        "refused_by": ["a"],
        "out": [],
        "seats": [
            {"code": code, "extra": False, "person": None, "asked": None, "line": []}
            for code in seats
        ],
        "complete": False,
        "ties": [{"person": "mediator-3", "conflict": "kin"}],
        "answered": [],
        "can": ["accept", "add-seat", "appoint", "declare", "decline", "name-member", "release"],
        **changes,
    }


def meeting(text: str, **changes: Any) -> dict[str, Any]:
    """A session with everything in it."""
    return {
        "id": SESSION,
        "version": 5,
        "dispute": DISPUTE,
        "status": "polling",
        "place": HOME,
        "convener": "mediator-1",
        "private": False,
        "panel": True,
        "invited": ["resident-1", "resident-2", "mediator-1"],
        "slots": [
            {"begin": LATER, "end": "2026-12-02T03:00:00Z"},
            {"begin": "2026-12-03T02:00:00Z", "end": "2026-12-03T03:00:00Z"},
        ],
        "answer_by": "2026-12-01T02:00:00Z",
        "own_vote": [1],
        "begin": None,
        "end": None,
        "room": "room-1",
        "sequence": 0,
        "begun": AT,
        "ended": "2026-11-25T02:00:00Z",
        "adjourned": True,
        "after": None,
        "next": None,
        "poll": [
            _fit(1, ["resident-1"], ["resident-2"], ["mediator-1"], ["p2", "mediator"]),
            _fit(2, ["resident-1", "resident-2", "mediator-1"], [], [], []),
        ],
        "present": ["resident-1", "mediator-1"],
        "minutes": {
            "version": 2,
            "agree": ["resident-1"],
            "object": ["resident-2"],
            "final": False,
        },
        "releases": [
            {
                "release": 1,
                "to": "judge-1",
                "by": "resident-1",
                "consents": ["p1"],
                "given": "asked",
                "until": None,
            }
        ],
        "can": ["adjourn", "call-off", "choose", "draft", "propose", "record", "take-room", "vote"],
        "dossier": [
            entry("SessionDescribed", {"agenda": text, "where": text}),
            entry("MinutesWritten", {"version": 2, "text": text}),
            entry("MinutesObjection", {"version": 2, "by": "resident-2", "text": text}),
        ],
        **changes,
    }


def _fit(
    slot: int, can: list[str], cannot: list[str], silent: list[str], lacks: list[str]
) -> dict[str, Any]:
    return {
        "slot": slot,
        "fits": not lacks,
        "lacks": lacks,
        "can": can,
        "cannot": cannot,
        "silent": silent,
        "room_taken": False,
    }


def agreement(text: str, **changes: Any) -> dict[str, Any]:
    """An agreement in its second version, signed by one."""
    clauses: list[dict[str, Any]] = [
        {"party": "p2", "what": text, "until": DUE, "cents": 120_050},
        {"party": "p1", "what": text, "until": DUE, "cents": None},
    ]
    terms = {"done": "open", "late": False, "answer_by": None}
    return {
        "id": AGREEMENT,
        "version": 4,
        "status": "drafted",
        "dispute": DISPUTE,
        "kind": "noise",
        "number": 2,
        "drafted_by": "mediator-1",
        "drafted_at": AT,
        "mediator": "mediator-1",
        "parties": [
            {"party": "p1", "side": "a", "person": "resident-1", "organisation": None},
            {"party": "p2", "side": "b", "person": "resident-2", "organisation": None},
        ],
        "clauses": [
            {"clause": n, "party": one["party"], "until": DUE, "cents": one["cents"], **terms}
            for n, one in enumerate(clauses, 1)
        ],
        "whole": False,
        "cooling_off_days": 3,
        "digest": "ab" * 32,
        "signatures": [{"party": "p1", "by": "resident-1", "at": AT}],
        "unsigned": ["p2"],
        "until": None,
        "since": None,
        "judicial_until": None,
        "judicial_sought": False,
        "broken": None,
        "path": None,
        "forgotten": False,
        "masked": [],
        "can": ["draft", "report-breach", "sign"],
        "dossier": [
            entry(
                "AgreementWorded",
                {"version": 2, "clauses": clauses, "open_points": [text], "names": [["p1", text]]},
            )
        ],
        **changes,
    }


def changed(text: str) -> dict[str, Any]:
    """What is different in the second version."""
    clause = {
        "change": "changed",
        "before": 1,
        "after": 1,
        "what": [{"same": text}, {"gone": text}, {"new": text}],
        "party": {"before": "p1", "after": "p2"},
        "until": {"before": AT, "after": DUE},
        "cents": {"before": None, "after": 120_050},
    }
    point = {"change": "added", "what": [{"new": text}]}
    return {
        "from": 1,
        "to": 2,
        "clauses": [clause],
        "open_points": [point],
        "names": [{"party": "p1", "before": None, "after": text}],
    }


def piece(text: str, **changes: Any) -> dict[str, Any]:
    """A piece of evidence that the reader filed."""
    return {
        "id": EVIDENCE,
        "version": 1,
        "status": "filed",
        "dispute": DISPUTE,
        "filed_by": "mediator-1",
        "side": None,
        "disclosed": "sides",
        "sides": ["a"],
        "digest": "cd" * 32,
        "size": 2_048,
        "media_type": "text/plain",
        "at": AT,
        "because": None,
        "open": True,
        "name": text,
        "text": text,
        **changes,
    }


def suggestion(**changes: Any) -> dict[str, Any]:
    """Somebody who could mediate, with the reasons."""
    parts = {"load": 0.8, "place": 0.5, "language": 1.0, "training": 1.0, "record": 0.9}
    return {
        "mediator": "mediator-2",
        "fits": True,
        "why_not": None,
        "conflicts": [],
        "score": 0.81,
        "parts": parts,
        "steps": 1,
        "at_hand": 1,
        "most_cases": 5,
        "settled": 9,
        "ended": 10,
        **changes,
    }


def at_odds(text: str) -> Services:
    """Services that know the dispute with all that belongs to it."""
    said = services()

    def tells(path: str, body: Any) -> None:
        said.says("mediation", path, body)

    tells(f"/disputes/{DISPUTE}", dispute(text))
    tells(f"/panels/{DISPUTE}", panel())
    both = [{"id": SESSION}, {"id": TALK}]
    tells(f"/sessions?of={DISPUTE}&limit=20", {"items": both, "next": None})
    tells(f"/sessions/{SESSION}", meeting(text))
    tells(f"/sessions/{TALK}", meeting(text, id=TALK, private=True, panel=False, status="held"))
    tells(f"/disputes/{DISPUTE}/evidence?limit=200", {"items": [piece(text)], "next": None})
    tells(f"/evidence/{EVIDENCE}", {**piece(text), "can": ["describe", "widen", "withdraw"]})
    tells(f"/disputes/{DISPUTE}/agreements", {"items": [{"id": AGREEMENT}], "next": None})
    tells(f"/agreements/{AGREEMENT}", agreement(text))
    tells(f"/agreements/{AGREEMENT}/differences?from=1&to=2", changed(text))
    commit = {"version": 1, "at": AT, "verb": "file", "actor": "resident-1", "events": []}
    told = {**commit, "version": 2, "verb": "tell", "actor": "mediator-1"}
    tells(f"/disputes/{DISPUTE}/timeline", {"items": [commit, told], "next": None})
    hall = {"id": "room-1", "version": 1, "place": HOME, "name": text, "capacity": 20, "hours": []}
    tells(f"/rooms?place={HOME}", {"items": [hall], "next": None})
    named = [{"id": "mediator-2", "name": text, "introduction": text}]
    tells(f"/mediators?place={HOME}&limit=200", {"items": named, "next": None})
    tied = suggestion(mediator="mediator-3", fits=False, why_not="conflict", conflicts=["kin"])
    weighed = {"items": [suggestion(), tied], "next": None}
    tells(f"/panels/{DISPUTE}/suggestions?limit=12", weighed)
    could = {
        "person": "officer-1",
        "duty": "police",
        "place": "D1-S1-C1",
        "steps": 2,
        "conflicts": [],
        "on_the_panel": False,
        "fits": True,
    }
    for seat in panel()["seats"]:
        path = f"/panels/{DISPUTE}/candidates?seat={seat['code']}"
        tells(path, {"items": [could], "next": None})
    listed = {"items": [dispute(text)], "next": "further"}
    tells("/disputes?limit=30", listed)
    tells("/disputes/mediated?limit=30", listed)
    tells("/panels/mine?limit=30", {"items": [panel()], "next": None})
    return said
