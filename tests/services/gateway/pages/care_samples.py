"""What is said of care visits, with `text` wherever somebody wrote."""

from typing import Any

from tests.services.gateway.pages.household import HOME, RESIDENT, Services

PLAN, OWN_PLAN = "plan-1", "plan-2"


def plan(text: str, **changes: Any) -> dict[str, Any]:
    """A plan by which one visits somebody, with every verb open at once."""
    words = {"version": 1, "name": "CareDescribed", "at": "2026-11-01T01:00:00Z"}
    return {
        "id": PLAN,
        "version": 3,
        "status": "active",
        "place": HOME,
        "person": "elder-1",
        "purpose": "lone-elder",
        "team": None,
        "visitor": RESIDENT.sub,
        "deputy": "volunteer-2",
        "on_duty": RESIDENT.sub,
        "visit": {
            "begin": "2026-11-27T01:00:00Z",
            "end": "2026-11-28T10:00:00Z",
            "told": True,
            "missed": False,
        },
        "unmet": 0,
        "pause": {"since": "2026-12-20T01:00:00Z", "until": "2026-12-30T01:00:00Z"},
        "leave": None,
        "alarms": [],
        "limits": [],
        "health_contact": "doctor-1",
        "can": ["record-visit", "record-unmet", "take-leave", "return", "give-up"],
        "dossier": [{**words, "data": {"words": text}}],
        **changes,
    }


def readings(text: str) -> dict[str, Any]:
    """What two visits found, the second of them something alarming, and what came of that."""
    days = ("2026-11-13", "2026-11-20")
    pulses = (72, 140)
    visits = [
        {
            "at": f"{day}T02:00:00Z",
            "name": "CareVisitWritten",
            "visit": number,
            "begun": f"{day}T01:00:00Z",
            "readings": [{"field": "pulse", "value": pulse}],
            "checks": [{"field": "food", "answer": "none" if pulse > 100 else "enough"}],
            "note": text,
        }
        for number, (day, pulse) in enumerate(zip(days, pulses, strict=True), 1)
    ]
    later = {"at": "2026-11-21T01:00:00Z"}
    unmet = {**later, "name": "CareUnmetNoted", "visit": 3, "note": text}
    noted = {**later, "name": "CareAlarmNoted", "alarm": 1, "came_of_it": "doctor", "note": text}
    limits = {"pulse": {"unit": "次/分", "own": False, "low": 40, "high": 131}}
    return {
        "items": [*visits, unmet, noted],
        "next": "further",
        "limits": limits,
        "trends": {"pulse": "unknown"},
    }


def own_plan(text: str) -> dict[str, Any]:
    """One by which oneself is visited, once one agrees."""
    others = {"person": RESIDENT.sub, "visitor": "volunteer-1", "visit": None, "pause": None}
    can = ["consent", "withdraw-consent", "pause"]
    return plan(text, id=OWN_PLAN, status="proposed", can=can, **others)


def care_says(said: Services, text: str) -> None:
    """One of each."""
    said.says("volunteering", "/care-plans/agenda", {"items": [plan(text)], "next": None})
    said.says("volunteering", "/care-plans/mine", {"items": [own_plan(text)], "next": None})
    said.says("volunteering", f"/care-plans/{PLAN}", plan(text))
    said.says("volunteering", f"/care-plans/{OWN_PLAN}", own_plan(text))
    read = {"reader": "volunteer-1", "purpose": "next-visit", "at": "2026-11-24T01:00:00Z"}
    looked = {**read, "reader": RESIDENT.sub, "purpose": "GET /care-plans"}
    for one in (PLAN, OWN_PLAN):
        said.says("volunteering", f"/care-plans/{one}/readings", readings(text))
        said.says("volunteering", f"/care-plans/{one}/readers", {"items": [read, looked]})
    name = {"zh": text, "en": text}
    pulse = {"name": name, "unit": "次/分", "least": 20, "most": 250, "decimals": 0}
    food = {"name": name, "answers": {"enough": name, "none": {**name, "alarming": True}}}
    purpose = {"name": name, "needed": ["food"], "asked": ["pulse"]}
    forms = {"readings": {"pulse": pulse}, "checks": {"food": food}}
    said.says("volunteering", "/care-forms", {**forms, "purposes": {"lone-elder": purpose}})


PAGES = (
    "/care",
    f"/care/{PLAN}",
    f"/care/{OWN_PLAN}",
    f"/care/{OWN_PLAN}/readings",
    f"/care/{PLAN}/readings",
    f"/care/{PLAN}/readings?span=all&purpose=next-visit",
)
