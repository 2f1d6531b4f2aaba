"""What services say of a resident's things, with `text` in every place where somebody wrote it."""

from typing import Any

from tests.services.gateway.pages import (
    care_samples,
    dispute_samples,
    finding_samples,
    order_samples,
)
from tests.services.gateway.pages.care_samples import care_says
from tests.services.gateway.pages.dispute_samples import mediation_says
from tests.services.gateway.pages.finding_samples import found_says
from tests.services.gateway.pages.household import HOME, RESIDENT, Services, services
from tests.services.gateway.pages.order_samples import help_says

PETITION, ACTIVITY, WISH, MESSAGE = "petition-1", "activity-1", "wish-1", "message-1"
RECEIPT = "2026 1127 0014"
ALL_VERBS = [
    "ask-review",
    "comment",
    "confirm-solved",
    "judge-promise",
    "pass-on",
    "rate",
    "sign",
    "support",
    "withdraw",
    "withdraw-signature",
    "withdraw-support",
]


def petition(text: str, **changes: Any) -> dict[str, Any]:
    """A petition as its petitioner sees it, with every verb open at once."""
    written = [
        {"version": 1, "name": "PetitionDescribed", "at": "2026-11-25T01:00:00Z"},
        {"version": 3, "name": "CommentWritten", "at": "2026-11-26T01:00:00Z"},
        {"version": 4, "name": "AnswerWritten", "at": "2026-11-26T02:00:00Z"},
        {"version": 4, "name": "PromiseWritten", "at": "2026-11-26T02:00:00Z"},
    ]
    contact = {"name": text, "phone": "13800000000", "address": None}
    data: list[dict[str, Any]] = [
        {"title": text, "text": text, "contact": contact},
        {"by": "worker-1", "text": text},
        {"done": text, "done_by": text, "follows": [text], "until": ["2026-11-30T16:00:00Z"]},
        {"promise": 1, "text": text, "about": "promised"},
    ]
    return {
        "id": PETITION,
        "version": 4,
        "status": "answered",
        "title": text,
        "kind": "complaint",
        "category": "property-repairs",
        "urgency": "normal",
        "place": HOME,
        "petitioner": RESIDENT.sub,
        "filed_at": "2026-11-25T01:00:00Z",
        "level": "neighbourhood",
        "at": HOME,
        "assignee": "worker-1",
        "answer_by": "2026-11-30T09:00:00Z",
        "suspended": None,
        "follow_up_until": "2026-12-03T02:00:00Z",
        "outcome": None,
        "closed_at": None,
        "danger": "gas",
        "attachments": 1,
        "joint": True,
        "households": 2,
        "supporters": 3,
        "promises": [
            {
                "promise": 1,
                "due": "2026-11-30T16:00:00Z",
                "by": "worker-1",
                "judge_by": "2026-12-07T16:00:00Z",
                "kept": None,
                "calls": 0,
            }
        ],
        "receipt": RECEIPT,
        "query_code": "7KQ4XW2M",
        "can": ALL_VERBS,
        "dossier": [{**one, "data": words} for one, words in zip(written, data, strict=True)],
        **changes,
    }


def timeline() -> list[dict[str, Any]]:
    """What happened with it."""
    reached = {
        "level": "neighbourhood",
        "place": HOME,
        "answer_by": "2026-11-30T09:00:00Z",
    }
    return [
        _commit(1, RESIDENT.sub, ("PetitionFiled", {}), ("PetitionReachedLevel", reached)),
        _commit(2, "worker-1", ("PetitionTaken", {})),
        _commit(3, "worker-1", ("PetitionReturned", {})),
        _commit(4, "worker-1", ("PetitionAnswered", {}), ("PromiseMade", {})),
    ]


def _commit(version: int, actor: str, *events: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "version": version,
        "at": f"2026-11-2{4 + version // 2}T0{version}:00:00Z",
        "verb": "",
        "actor": actor,
        "events": [{"name": name, "data": data} for name, data in events],
    }


def activity(text: str, **changes: Any) -> dict[str, Any]:
    """An activity, with everything that one does oneself."""
    role = {"number": 20, "free": 3, "waiting": 0, "least_age": None, "trainings": []}
    return {
        "id": ACTIVITY,
        "status": "open",
        "place": HOME,
        "title": text,
        "text": text,
        "meet_at": text,
        "meeting": {"latitude": 26.08, "longitude": 119.3, "radius": 200},
        "by_code": True,
        "theme": "environment",
        "begin": "2026-11-29T01:00:00Z",
        "end": "2026-11-29T03:00:00Z",
        "sign_up_until": "2026-11-28T10:00:00Z",
        "withdraw_until": "2026-11-28T01:00:00Z",
        "roles": [{"code": "helper", **role}, {"code": "leader", **role}],
        "you": {
            "place": "helper",
            "offer": {"role": "helper", "until": "2026-11-28T01:00:00Z"},
            "waiting": None,
            "presence": [],
            "minutes": 90,
            "dispute": None,
        },
        "can": [
            "accept-offer",
            "check-in",
            "check-in-here",
            "check-out",
            "check-out-here",
            "decline-offer",
            "dispute-hours",
            "drop-dispute",
            "sign-up",
            "withdraw",
        ],
        **changes,
    }


def wish(text: str, **changes: Any) -> dict[str, Any]:
    """A wish of one's own, with every verb open at once."""
    contact = {"name": text, "phone": text, "address": text}
    return {
        "id": WISH,
        "version": 3,
        "status": "granted",
        "kind": "skill",
        "title": text,
        "place": HOME,
        "owner": RESIDENT.sub,
        "poster": RESIDENT.sub,
        "until": "2026-12-20T16:00:00Z",
        "least_age": 18,
        "trainings": [],
        "claim": {"volunteer": "v-1", "until": "2026-12-02T01:00:00Z"},
        "can": ["confirm", "dispute", "give-back", "grant", "reply", "reword", "withdraw"],
        "dossier": [
            {
                "version": 1,
                "name": "WishTold",
                "at": "2026-11-25T01:00:00Z",
                "data": {"title": text, "text": text, "contact": contact},
            }
        ],
        **changes,
    }


def message(text: str, **changes: Any) -> dict[str, Any]:
    """A message of the inbox."""
    return {
        "id": MESSAGE,
        "kind": "petition-answered",
        "title": text,
        "body": text,
        "params": {},
        "about": f"petition-{PETITION}",
        "posted": "2026-11-26T02:00:00Z",
        "read": None,
        **changes,
    }


def in_the_open(text: str, **changes: Any) -> dict[str, Any]:
    """A petition as everybody sees it."""
    return {
        "id": PETITION,
        "category": "property-repairs",
        "place": HOME,
        "state": "at-work",
        "days": 2,
        "released": True,
        "level": "neighbourhood",
        "title": text,
        "question": text,
        "answer": text,
        **changes,
    }


def by_receipt(text: str) -> dict[str, Any]:
    """A petition as whoever has the receipt and its code sees it."""
    return {
        "receipt": RECEIPT,
        "status": "answered",
        "category": "property-repairs",
        "place": HOME,
        "level": "neighbourhood",
        "filed_at": "2026-11-25T01:00:00Z",
        "answer_by": None,
        "suspended_until": None,
        "outcome": None,
        "question": text,
        "answer": {"at": "2026-11-26T02:00:00Z", "done": text, "done_by": text, "follows": []},
        "promises": [
            {
                "promise": 1,
                "text": text,
                "due": "2026-11-30T16:00:00Z",
                "judge_by": "2026-12-07T16:00:00Z",
                "kept": None,
                "over": False,
            }
        ],
        "can": ["ask-review", "comment", "judge-promise", "rate", "withdraw"],
        "can_rate": True,
    }


def preferences(text: str) -> dict[str, Any]:
    """How somebody wants to be told, with an e-mail address that is not confirmed."""
    return {
        "person": RESIDENT.sub,
        "language": "zh-Hans",
        "ways": {"petitions": ["sms"]},
        "stopped": [],
        "quiet": {"begin": 1320, "end": 420},
        "digest": {"every": "daily", "minute": 1080, "weekday": 0, "since": None},
        "muted": [],
        "addresses": {"email": {"confirmed": False, "bad": False, "removed": False}},
        "consents": {},
        "can": [],
        "dossier": [
            {"version": 1, "name": "EmailGiven", "at": "2026-11-25T01:00:00Z", "data": _mail(text)}
        ],
    }


def _mail(text: str) -> dict[str, Any]:
    return {"address": text}


def everything(text: str) -> Services:
    """Services that know one of each."""
    said = services()
    listed = {"items": [petition(text)], "next": "further"}
    said.says("petitions", "/petitions/mine", listed)
    said.says("petitions", f"/petitions/{PETITION}", petition(text))
    said.says("petitions", f"/petitions/{PETITION}/timeline", {"items": timeline(), "next": None})
    files = [{"at": "2026-11-25T01:00:00Z", "file": "file-1", "name": text}]
    said.says("petitions", f"/petitions/{PETITION}/attachments", {"items": files, "next": None})
    said.says("petitions", "/public/petitions", {"items": [in_the_open(text)], "next": "further"})
    said.says("petitions", f"/public/petitions/{PETITION}", in_the_open(text))
    said.says("petitions", "/receipts/202611270014", by_receipt(text))
    alike = {
        "id": "petition-2",
        "category": "property-repairs",
        "place": HOME,
        "days": 3,
        "status": "taken",
        "supporters": 2,
        "title": text,
    }
    candidates = {"items": [alike], "complete": True}
    said.says("petitions", "/petitions/candidates", candidates, "POST")
    suggested = [{"code": "property-repairs", "kinds": []}]
    said.says("petitions", "/categories/suggest?most=5", {"items": suggested}, "POST")
    counted = {"filed": 9, "answered": 8, "answered_in_time": 7, "open": 1, "overdue": 0}
    counted |= {"satisfied": 6, "rated": 7}
    rows = [{"category": "property", **counted}]
    figures = {"as_of": "2026-11-27T01:59:00Z", "total": counted, "items": rows}
    said.says("petitions", "/public/statistics", figures)
    inbox = {"items": [message(text), message(text, id="m-2", read="2026-11-26T03:00:00Z")]}
    said.says("notifications", "/inbox", {**inbox, "next": "further", "unread": 1})
    said.says("notifications", f"/preferences/{RESIDENT.sub}", preferences(text))
    said.says("volunteering", "/activities", {"items": [activity(text)], "next": "further"})
    said.says("volunteering", "/activities/mine", {"items": [activity(text)], "next": None})
    said.says("volunteering", f"/activities/{ACTIVITY}", activity(text))
    contact = {"name": text, "phone": text}
    said.says("volunteering", f"/activities/{ACTIVITY}/contact", contact)
    said.says("volunteering", "/public/wishes", {"items": [wish(text)], "next": "further"})
    said.says("volunteering", "/wishes/mine", {"items": [wish(text)], "next": None})
    said.says("volunteering", "/wishes/claimed", {"items": [], "next": None})
    said.says("volunteering", f"/wishes/{WISH}", wish(text))
    served = {
        "kind": "activity",
        "work": ACTIVITY,
        "minutes": 90,
        "recorded_at": "2026-11-25T01:00:00Z",
    }
    hours = {"minutes": 90, "services": 1, "by_work": {"activity": 90}, "by_year": {"2026": 90}}
    said.says("volunteering", "/my-hours", {**hours, "items": [served], "next": None})
    lives = {"resident": RESIDENT.sub, "household": HOME, "status": "registered"}
    said.says("community", f"/residents/{RESIDENT.sub}", lives)
    mediation_says(said, text)
    help_says(said, text)
    care_says(said, text)
    found_says(said, text, PETITION)
    return said


PAGES = (
    "/",
    "/petitions",
    "/petitions?voice=supported",
    "/petitions/new",
    "/petitions/new?at=D1-S1",
    "/petitions/new?q=朱紫坊",
    f"/petitions/new?place={HOME}",
    f"/petitions/{PETITION}",
    "/board",
    "/board/places",
    f"/board/{PETITION}",
    "/inbox",
    "/activities",
    "/activities?part=place",
    f"/activities/{ACTIVITY}",
    "/wishes",
    "/wishes?part=mine",
    "/wishes/new",
    f"/wishes/{WISH}",
    *dispute_samples.PAGES,
    *order_samples.PAGES,
    *care_samples.PAGES,
    *finding_samples.PAGES,
    "/me",
    "/me/hours",
    "/me/volunteer",
    "/me/preferences",
    "/me/data",
    "/status",
    "/statistics/public",
    "/verify",
)
"""Every page that is looked at without sending a form."""
DRAFT = {"place": HOME, "kind": "complaint", "title": "标题", "text": "内容", "step": "check"}
