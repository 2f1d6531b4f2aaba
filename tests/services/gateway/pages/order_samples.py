"""What is said of a resident's orders, points and credentials, with `text` wherever it was
written.
"""

from typing import Any

from tests.services.gateway.pages.household import HOME, RESIDENT, Services

ORDER, OFFER, REWARD, CREDENTIAL, CERTIFICATE = (
    *("order-1", "order-2", "reward-1", "credential-1"),
    "certificate-1",
)
ACCOUNT = f"person:{RESIDENT.sub}"
TAKER = "volunteer-1"
DIGEST, SEALED = "5c6d7e8f" * 8, "a1b2c3d4" * 8
ALL_VERBS = [
    *("name-times", "cancel", "propose-time", "agree", "begin", "finish", "confirm", "dispute"),
    *("report-absence", "rate"),
]


def service(text: str) -> dict[str, Any]:
    """Something that can be ordered."""
    asked = {"skill": None, "trainings": [], "least_age": 18}
    return {"code": "repair", "name": text, "minutes": 90, **asked, "terms": text}


def order(text: str, **changes: Any) -> dict[str, Any]:
    """An order of one's own that somebody has, with every verb open at once."""
    entry = {"version": 1, "at": "2026-11-25T01:00:00Z"}
    contact = {"name": text, "phone": text, "address": text}
    told = [
        ("OrderDescribed", {"need": text, "contact": contact}),
        ("EndExplained", {"by": "staff-1", "words": text}),
        ("RatingWorded", {"by": TAKER, "words": text}),
    ]
    return {
        "id": ORDER,
        "version": 4,
        "status": "begun",
        "service": "repair",
        "place": HOME,
        "path": ["D1", HOME],
        "asks": {"minutes": 90, "skill": None, "trainings": [], "least_age": None},
        "times": [{"begin": "2026-11-27T01:00:00Z", "end": "2026-11-27T05:00:00Z"}],
        "offer_until": None,
        "volunteer": TAKER,
        "by_office": False,
        "agree_by": None,
        "proposal": {"by": TAKER, "begin": "2026-11-28T01:00:00Z"},
        "begin": "2026-11-27T01:30:00Z",
        "end": "2026-11-27T03:00:00Z",
        "begun": "2026-11-27T01:31:00Z",
        "begin_confirmed": False,
        "ended": None,
        "disputed": True,
        "minutes": 0,
        "because": None,
        "ratings": [{"by": TAKER, "stars": 5, "flags": ["kind"]}],
        "resident": RESIDENT.sub,
        "placed_by": RESIDENT.sub,
        "can": ALL_VERBS,
        "dossier": [{**entry, "name": name, "data": data} for name, data in told],
        **changes,
    }


def offer(text: str) -> dict[str, Any]:
    """An order that one is asked to take."""
    own = {"id": OFFER, "status": "offered", "volunteer": None, "proposal": None, "ratings": []}
    until = "2026-11-27T14:00:00Z"
    shown = order(text, **own, offer_until=until, begin=None, end=None, begun=None)
    for kept in ("resident", "placed_by", "dossier"):
        del shown[kept]
    return {**shown, "disputed": False, "can": ["accept", "decline"]}


def account(**changes: Any) -> dict[str, Any]:
    """One's own account."""
    return {
        "id": ACCOUNT,
        "version": 7,
        "status": "open",
        "holder": RESIDENT.sub,
        "of_a_team": False,
        "keepers": [RESIDENT.sub],
        "balance": 120,
        "owed": 5,
        "lots": [{"expires": "2027-11-30T16:00:00Z", "points": 120}],
        "holds": [
            {"purchase": "b-1", "reward": REWARD, "points": 30, "until": "2026-12-05T16:00:00Z"}
        ],
        "received": [],
        "redemptions": [],
        "given": {"month": "", "points": 0},
        "scores": [],
        "can": ["give", "decline", "buy"],
        **changes,
    }


def reward(text: str, **changes: Any) -> dict[str, Any]:
    """Something to be had for points, of which one lies ready."""
    return {
        "id": REWARD,
        "version": 2,
        "status": "up",
        "shop": "shop-1",
        "place": HOME,
        "title": text,
        "text": text,
        "terms": {"price": 50, "per_person": 1, "period": "year", "days_to_fetch": 14},
        "stock": 8,
        "reservations": [
            {
                "purchase": "b-1",
                "account": ACCOUNT,
                "by": RESIDENT.sub,
                "points": 50,
                "until": "2026-12-05T16:00:00Z",
            }
        ],
        "open": True,
        "can": ["cancel"],
        **changes,
    }


def credential(**changes: Any) -> dict[str, Any]:
    """One that is in force."""
    return {
        "id": CREDENTIAL,
        "version": 1,
        "status": "issued",
        "about": "volunteering-hours",
        "holder": RESIDENT.sub,
        "digest": DIGEST,
        "code": "ABCD 2345 678",
        "link": "http://testserver/api/ledger/public/credentials/ABCD2345678",
        "list": 1,
        "entry": 7,
        "issued_at": "2026-11-20T01:00:00Z",
        "valid_until": "2029-11-20T01:00:00Z",
        "replaces": None,
        "because": None,
        "can_reissue": True,
        "can": ["give-up"],
        **changes,
    }


def help_says(said: Services, text: str) -> None:
    """One of each."""
    said.says("volunteering", "/services", {"at": "2026-11-27T02:00:00Z", "items": [service(text)]})
    said.says("volunteering", "/services/repair", {**service(text), "open": True})
    said.says("volunteering", "/orders/mine", {"items": [order(text)], "next": "further"})
    said.says("volunteering", "/orders/offered", {"items": [offer(text)], "next": None})
    said.says("volunteering", "/orders/taken", {"items": [], "next": None})
    said.says("volunteering", f"/orders/{ORDER}", order(text))
    said.says("volunteering", f"/orders/{OFFER}", offer(text))
    team = account(id="team:green", holder="green", of_a_team=True)
    said.says("volunteering", "/accounts/mine", {"items": [account(), team], "next": None})
    entry = {"at": "2026-11-25T01:00:00Z", "points": 10, "balance": 120, "kind": None}
    entries = [
        {**entry, "entry": "earned", "kind": "activity", "title": None},
        {**entry, "entry": "bought", "points": -30, "title": text},
    ]
    gift = {"transfer": "t-1", "sender": "resident-3", "points": 5, "word": text}
    for id in (ACCOUNT, "team:green"):
        path = f"/accounts/{id.replace(':', '%3A')}"
        said.says("volunteering", f"{path}/passbook", {"items": entries})
        given = [{**gift, "until": "2026-12-01T16:00:00Z"}]
        said.says("volunteering", f"{path}/received", {"items": given})
        code = {"account": id, "code": "8426019", "until": "2026-11-27T02:02:00Z", "balance": 120}
        said.says("volunteering", f"{path}/till-code", code)
    said.says("volunteering", "/rewards", {"items": [reward(text)], "next": "further"})
    said.says("volunteering", f"/rewards/{REWARD}", reward(text))
    certified = {
        "id": CERTIFICATE,
        "number": "JL-2026-000017",
        "status": "issued",
        "because": None,
        "from": "2025-12-31T16:00:00Z",
        "until": "2026-11-26T16:00:00Z",
        "minutes": 900,
        "issued_at": "2026-11-27T01:00:00Z",
        "replaces": None,
        "digest": DIGEST,
    }
    said.says("volunteering", "/certificates", {"items": [certified], "next": None})
    said.says("ledger", "/credentials", {"items": [credential()], "next": None})
    said.says("ledger", f"/credentials/{CREDENTIAL}", credential())
    sealed = {"id": SEALED, "source": "agreement:dispute-1.1", "withdrawn": False}
    done = {"id": DIGEST, "source": f"certificate:{CERTIFICATE}", "withdrawn": False}
    said.says("ledger", "/documents", {"items": [sealed, done], "next": None})


PAGES = (
    "/orders",
    "/orders?part=mine",
    "/orders?part=offered",
    "/orders/new?service=repair",
    f"/orders/{ORDER}",
    f"/orders/{OFFER}",
    "/me/passbook",
    "/me/passbook?account=team:green",
    f"/me/passbook/{ACCOUNT}/till",
    "/rewards",
    f"/rewards/{REWARD}",
    "/me/certificates",
    f"/me/certificates/{CREDENTIAL}",
)
