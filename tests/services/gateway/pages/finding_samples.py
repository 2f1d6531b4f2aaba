"""What is said of patrols' findings, with `text` wherever somebody wrote."""

from typing import Any

from tests.services.gateway.pages.household import HOME, RESIDENT, Services

FINDING, ANSWERED = "finding-1", "finding-2"
OF_ANOTHER = "petition-of-another"
"""A petition that somebody else of the patrol has filed."""


def finding(text: str, **changes: Any) -> dict[str, Any]:
    """A finding that waits for somebody to see to it."""
    written = {"version": 1, "name": "FindingDescribed", "at": "2026-11-26T12:00:00Z"}
    return {
        "id": FINDING,
        "version": 1,
        "status": "recorded",
        "finding": FINDING,
        "shift": "shift-1",
        "place": HOME,
        "category": "property-repairs",
        "urgency": "urgent",
        "kind": "safety",
        "team": "team-1",
        "finder": RESIDENT.sub,
        "crew": [RESIDENT.sub, "volunteer-2"],
        "organisers": ["captain-1"],
        "recorded_at": "2026-11-26T12:00:00Z",
        "until": "2026-11-27T12:00:00Z",
        "because": None,
        "petition": None,
        "outcome": None,
        "can": ["settle"],
        "dossier": [{**written, "data": {"title": text, "text": text}}],
        **changes,
    }


def answered(text: str, petition: str) -> dict[str, Any]:
    """One that became a petition, which was closed."""
    ended = {"status": "closed", "outcome": "rated", "petition": petition, "can": []}
    return finding(text, id=ANSWERED, **ended)


def course(petition: str) -> list[dict[str, Any]]:
    """What happened with it."""
    heard = ("answered", None), ("reopened", None), ("answered", None), ("closed", "rated")
    return [
        _commit(1, RESIDENT.sub, "PatrolFindingRecorded", {"finding": ANSWERED}),
        _commit(2, "service:volunteering", "FindingBecamePetition", {"petition": petition}),
        *(
            _commit(n, "service:volunteering", "FindingHeard", {"news": news, "outcome": outcome})
            for n, (news, outcome) in enumerate(heard, 3)
        ),
    ]


def _commit(version: int, actor: str, name: str, data: dict[str, Any]) -> dict[str, Any]:
    at = f"2026-11-26T{11 + version}:00:00Z"
    events = [{"name": name, "data": data}]
    return {"version": version, "at": at, "verb": "", "actor": actor, "events": events}


def found_says(said: Services, text: str, petition: str) -> None:
    """One that waits, and one that became this petition."""
    listed = [finding(text), answered(text, petition)]
    mine = {"items": listed, "next": "further"}
    said.says("volunteering", "/patrol-findings/mine", mine)
    for one in listed:
        path = f"/patrol-findings/{one['id']}"
        said.says("volunteering", path, one)
        told = course(petition) if one["id"] == ANSWERED else course(petition)[:1]
        said.says("volunteering", f"{path}/timeline", {"items": told, "next": None})


PAGES = ("/findings", f"/findings/{FINDING}", f"/findings/{ANSWERED}")
