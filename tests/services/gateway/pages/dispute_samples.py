"""What mediation says to a party of a dispute, with `text` wherever somebody wrote it."""

from typing import Any

from tests.services.gateway.pages.household import HOME, RESIDENT, Services

DISPUTE, PIECE, SESSION = "dispute-1", "evidence-1", "session-1"
AGREEMENT = f"{DISPUTE}.1"
OTHER, MEDIATOR = "resident-2", "mediator-1"
DIGEST = "0b7e3f6c" * 8
ALL_VERBS = [
    *("agree", "decline", "tell", "name-representative", "raise-risk", "propose-extension"),
    *("consent-extension", "refuse-extension", "confirm-settlement", "object-to-settlement"),
    *("answer-follow-up", "reopen", "leave", "withdraw", "evidence", "agreements"),
]


def dispute(text: str, **changes: Any) -> dict[str, Any]:
    """A dispute that is mediated, as who filed it sees it, with every verb open at once."""
    entry = {"version": 1, "at": "2026-11-20T01:00:00Z"}
    told = [
        ("DisputeTold", {"party": "p1", "title": text, "text": text}),
        ("DisputeTold", {"party": "p2", "title": "", "text": text}),
        ("PartyContactGiven", {"party": "p1", "name": text, "phone": "1", "address": None}),
        ("PartyContactGiven", {"party": "p2", "name": text}),
        ("SettlementWritten", {"number": 1, "text": text}),
    ]
    return {
        "id": DISPUTE,
        "version": 9,
        "status": "mediating",
        "kind": "noise",
        "place": HOME,
        "filed_by": RESIDENT.sub,
        "filed_for": "p1",
        "filed": "2026-11-20T01:00:00Z",
        "petition": None,
        "linked": False,
        "parties": [
            party("p1", "a", RESIDENT.sub),
            party("p2", "b", OTHER),
        ],
        "own_party": "p1",
        "risks": [],
        "mediator": MEDIATOR,
        "panel": [],
        "begun": "2026-11-21T01:00:00Z",
        "until": "2026-12-21T01:00:00Z",
        "extended": False,
        "extension": {"proposed_by": OTHER, "until": "2027-01-20T01:00:00Z", "consents": ["p2"]},
        "agreement": None,
        "oral": {"number": 1, "confirmed": ["p2"]},
        "ended": None,
        "outcome": None,
        "because": None,
        "passed_to": None,
        "follow_up": {"round": 1, "until": "2026-12-05T01:00:00Z"},
        "holds": None,
        "reopen_until": "2026-12-20T01:00:00Z",
        "reopened": 0,
        "late": None,
        "can": ALL_VERBS,
        "dossier": [{**entry, "name": name, "data": data} for name, data in told],
        **changes,
    }


def party(key: str, side: str, person: str, consent: str = "agreed") -> dict[str, Any]:
    """One of them."""
    return {
        "party": key,
        "side": side,
        "person": person,
        "organisation": None,
        "representative": None,
        "consent": consent,
        "recorded": None,
    }


def piece(text: str, **changes: Any) -> dict[str, Any]:
    """Evidence of one's own."""
    return {
        "id": PIECE,
        "version": 1,
        "status": "filed",
        "dispute": DISPUTE,
        "filed_by": RESIDENT.sub,
        "side": "a",
        "disclosed": "sides",
        "sides": ["a"],
        "digest": DIGEST,
        "size": 2_400_000,
        "media_type": "image/jpeg",
        "at": "2026-11-22T01:00:00Z",
        "because": None,
        "open": True,
        "name": text,
        "text": text,
        **changes,
    }


def session(text: str, **changes: Any) -> dict[str, Any]:
    """A session with draft minutes, for which times are asked once more."""
    entry = {"version": 1, "at": "2026-11-23T01:00:00Z"}
    told = [
        ("SessionDescribed", {"agenda": text, "where": text}),
        ("MinutesWritten", {"version": 2, "text": text}),
        ("MinutesObjection", {"version": 2, "by": OTHER, "text": text}),
        ("ReleaseTold", {"release": 1, "name": text, "purpose": text}),
    ]
    release = {"release": 1, "to": "lawyer-1", "by": OTHER, "consents": ["p2"]}
    return {
        "id": SESSION,
        "version": 5,
        "dispute": DISPUTE,
        "status": "polling",
        "place": HOME,
        "convener": MEDIATOR,
        "private": False,
        "panel": False,
        "invited": [RESIDENT.sub, OTHER, MEDIATOR],
        "slots": [
            {"begin": "2026-11-29T01:00:00Z", "end": "2026-11-29T02:00:00Z"},
            {"begin": "2026-11-30T01:00:00Z", "end": "2026-11-30T02:00:00Z"},
        ],
        "answer_by": "2026-11-28T01:00:00Z",
        "own_vote": None,
        "begin": "2026-11-29T01:00:00Z",
        "end": "2026-11-29T02:00:00Z",
        "room": None,
        "sequence": 1,
        "begun": "2026-11-24T01:00:00Z",
        "ended": "2026-11-24T02:00:00Z",
        "adjourned": False,
        "after": None,
        "next": None,
        "present": [RESIDENT.sub, OTHER, MEDIATOR, "lawyer-2"],
        "minutes": {"version": 2, "agree": [], "object": [OTHER], "final": False},
        "releases": [{**release, "given": "asked", "until": None}],
        "can": ["vote", "agree", "object", "ask-release", "consent", "refuse"],
        "dossier": [{**entry, "name": name, "data": data} for name, data in told],
        **changes,
    }


def agreement(text: str, **changes: Any) -> dict[str, Any]:
    """An agreement with every verb open at once: one clause of one's own, one of the other's that
    is reported, one that is late.
    """
    until = "2026-12-10T15:59:00Z"
    clauses = [
        {"party": "p1", "what": text, "until": until, "cents": 120_050},
        {"party": "p2", "what": text, "until": until, "cents": None},
        {"party": "p2", "what": text, "until": "2026-11-20T15:59:00Z", "cents": None},
    ]
    entry = {"version": 1, "at": "2026-11-24T01:00:00Z"}
    told = [
        (
            "AgreementWorded",
            {"version": 2, "clauses": clauses, "open_points": [text], "names": [["p2", text]]},
        ),
        ("AgreementSaid", {"verb": "report-done", "clause": 2, "text": text}),
    ]
    state = {"late": False, "answer_by": None}
    return {
        "id": AGREEMENT,
        "version": 4,
        "status": "in-force",
        "dispute": DISPUTE,
        "kind": "noise",
        "number": 2,
        "drafted_by": MEDIATOR,
        "drafted_at": "2026-11-24T01:00:00Z",
        "mediator": MEDIATOR,
        "parties": [
            {"party": "p1", "side": "a", "person": RESIDENT.sub, "organisation": None},
            {"party": "p2", "side": "b", "person": OTHER, "organisation": None},
        ],
        "clauses": [
            {"clause": 1, "party": "p1", "until": until, "cents": 120_050, "done": "open", **state},
            {
                "clause": 2,
                "party": "p2",
                "until": until,
                "cents": None,
                "done": "reported",
                **state,
                "answer_by": "2026-12-05T01:00:00Z",
            },
            {
                "clause": 3,
                "party": "p2",
                "until": "2026-11-20T15:59:00Z",
                "cents": None,
                "done": "open",
                "answer_by": None,
                "late": True,
            },
        ],
        "whole": False,
        "cooling_off_days": 3,
        "digest": DIGEST,
        "signatures": [{"party": "p2", "by": OTHER, "at": "2026-11-25T01:00:00Z"}],
        "unsigned": ["p1"],
        "until": None,
        "since": "2026-11-26T01:00:00Z",
        "judicial_until": "2026-12-26T01:00:00Z",
        "judicial_sought": False,
        "broken": None,
        "path": None,
        "forgotten": False,
        "masked": [],
        "can": [
            *("draft", "show-name", "sign", "revoke", "report-done", "confirm-done"),
            *("dispute-done", "report-breach", "seek-confirmation"),
        ],
        "dossier": [{**entry, "name": name, "data": data} for name, data in told],
        **changes,
    }


def differences(text: str) -> dict[str, Any]:
    """Something of each kind."""
    pieces = [{"same": text}, {"gone": text}, {"new": text}]
    days = {"before": "2026-12-01T15:59:00Z", "after": "2026-12-10T15:59:00Z"}
    return {
        "from": 1,
        "to": 2,
        "clauses": [
            {
                "change": "changed",
                "before": 1,
                "after": 1,
                "what": pieces,
                "until": days,
                "party": {"before": "p1", "after": "p2"},
                "cents": {"before": None, "after": 120_050},
            },
            {"change": "dropped", "before": 2, "after": None, "what": [{"gone": text}]},
        ],
        "open_points": [{"change": "added", "what": [{"new": text}]}],
        "names": [{"party": "p2", "before": None, "after": text}],
    }


def mediation_says(said: Services, text: str) -> None:
    """One of each."""
    said.says("mediation", "/disputes/mine", {"items": [dispute(text)], "next": "further"})
    said.says("mediation", f"/disputes/{DISPUTE}", dispute(text))
    steps = [{"name": "DisputeFiled", "data": {}}, {"name": "PartyInvited", "data": {}}]
    commit = {"version": 1, "at": "2026-11-20T01:00:00Z", "verb": "", "actor": RESIDENT.sub}
    history = {"items": [{**commit, "events": steps}], "next": None}
    said.says("mediation", f"/disputes/{DISPUTE}/timeline", history)
    panel = {"mediator": MEDIATOR, "refused": False, "complete": True, "can": ["refuse-mediator"]}
    said.says("mediation", f"/panels/{DISPUTE}", panel)
    pieces = [
        piece(text),
        piece(text, id="evidence-2", filed_by=OTHER, disclosed="all", sides=[]),
        piece(text, id="evidence-3", filed_by=OTHER, status="withdrawn", because="private"),
    ]
    said.says("mediation", f"/disputes/{DISPUTE}/evidence", {"items": pieces, "next": "further"})
    said.says("mediation", f"/evidence/{PIECE}", {"can": ["describe", "widen", "withdraw"]})
    same = {"id": PIECE, "digest": DIGEST, "now": DIGEST, "unaltered": True}
    said.says("mediation", f"/evidence/{PIECE}/check", same)
    said.says("mediation", "/sessions", {"items": [session(text)], "next": None})
    said.says("mediation", f"/sessions/{SESSION}", session(text))
    given = {"session": "session-2", "begun": "2026-11-24T01:00:00Z", "text": text}
    given |= {"ended": "2026-11-24T02:00:00Z", "version": 2, "until": "2026-12-24T01:00:00Z"}
    said.says("mediation", "/sessions/session-2/released", given)
    listed = {"items": [agreement(text)], "next": None}
    said.says("mediation", f"/disputes/{DISPUTE}/agreements", listed)
    said.says("mediation", f"/agreements/{AGREEMENT}", agreement(text))
    said.says("mediation", f"/agreements/{AGREEMENT}/differences", differences(text))
    code: dict[str, Any] = {
        "agreement": AGREEMENT,
        "number": 2,
        "digest": DIGEST,
        "code": "04251736",
    }
    said.says(
        "mediation",
        f"/agreements/{AGREEMENT}/sign-code",
        {**code, "until": "2026-11-27T02:05:00Z"},
    )
    serving = [{"id": "property-1", "name": text, "kind": "property"}]
    said.says("community", "/organisations", {"items": serving, "next": None})


PAGES = (
    "/disputes",
    "/disputes/new",
    "/disputes/new?pick=1",
    f"/disputes/{DISPUTE}",
    f"/disputes/{DISPUTE}/evidence",
    f"/disputes/{DISPUTE}/evidence?check={PIECE}",
    f"/disputes/{DISPUTE}/agreements/new",
    f"/sessions/{SESSION}",
    "/sessions/session-2",
    f"/agreements/{AGREEMENT}",
    f"/agreements/{AGREEMENT}/changes",
    f"/agreements/{AGREEMENT}/draft",
    f"/agreements/{AGREEMENT}/sign",
)
