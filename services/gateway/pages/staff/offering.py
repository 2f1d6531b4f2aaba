"""What is offered to choose from while a form is filled in: people, departments, promises."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from services.gateway.pages.places import Places
from services.gateway.pages.staff.desk import Desk
from services.gateway.pages.staff.wording import DUTIES, PARTS

Offers = Mapping[str, list[tuple[str, str]]]
"""By what a field asks for: values, each with its words."""

DEPARTMENTS = 200


async def for_case(
    desk: Desk,
    case: Mapping[str, Any],
    places: Places,
    promises: Mapping[int, str],
) -> Offers:
    """What the verbs of a petition choose from; nothing is asked for that no verb needs."""
    can = set(case["can"])
    asked = {}
    if "assign" in can:
        asked["people"] = _holders(desk, case["path"], places)
    if can & {"consult", "hand-over"}:
        asked["departments"] = departments(desk)
    offers = dict(zip(asked, await asyncio.gather(*asked.values()), strict=True))
    consultation = case.get("consultation")
    if consultation is not None:
        offers["parts"] = [
            (
                part["department"],
                f"{part['department']} · "
                + desk.texts.gettext(PARTS.get(part["status"], part["status"])),
            )
            for part in consultation["parts"]
        ]
    offers["promises"] = [
        (str(one["promise"]), promises.get(one["promise"], str(one["promise"])))
        for one in case.get("promises", ())
        if one["kept"] is None
    ]
    return offers


async def departments(desk: Desk) -> list[tuple[str, str]]:
    """All departments and partner units that there are."""
    found = await asyncio.gather(
        *(
            desk.get("community", "/organisations", {"kind": kind, "limit": DEPARTMENTS})
            for kind in ("department", "partner-unit")
        )
    )
    return [
        (one["id"], str(one.get("name") or one["id"])) for told in found for one in told["items"]
    ]


async def _holders(desk: Desk, path: list[str], places: Places) -> list[tuple[str, str]]:
    """Who has a duty at the place or above it, with the duty and where."""
    found = await asyncio.gather(
        *(desk.get("community", "/posts", {"place": code}) for code in path)
    )
    people: dict[str, str] = {}
    for code, told in zip(path, found, strict=True):
        for post in told["items"]:
            holder = _holder(post)
            if holder is not None:
                duty = desk.texts.gettext(DUTIES.get(post["duty"], post["duty"]))
                people.setdefault(holder, f"{places.name(code)} · {duty}")
    return list(people.items())


def _holder(post: Mapping[str, Any]) -> str | None:
    """Who has a post, by its stored state."""
    term = post.get("term")
    return None if term is None else str(term["holder"])
