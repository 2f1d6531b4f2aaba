"""A case: all that is known of a petition, and as forms exactly what the reader can do with it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from services.gateway.pages.asking import Missing, fresh_key
from services.gateway.pages.categories import categories_of
from services.gateway.pages.rendering import go
from services.gateway.pages.staff import offering, story
from services.gateway.pages.staff.desk import Desk, at_desk
from services.gateway.pages.staff.fields import Typed
from services.gateway.pages.staff.mediation.filing import becomes_dispute
from services.gateway.pages.staff.mediation.room import CONVENING
from services.gateway.pages.staff.sending import Open, Setback, sent
from services.gateway.pages.staff.unknown_verbs import form_for
from services.gateway.pages.staff.verbs import FORMS, GROUPS, Group


@at_desk()
async def case(desk: Desk) -> Response:
    """``GET /work/petitions/{id}``"""
    return await show_case(desk, desk.request.path_params["id"])


@at_desk()
async def act(desk: Desk) -> Response:
    """``POST /work/petitions/{id}/{verb}``: done, or told on the case why not."""
    id, verb = desk.request.path_params["id"], desk.request.path_params["verb"]
    form = FORMS.get(verb) or await form_for(desk, "petitions", "petitions", verb)
    if form is None:
        raise Missing
    done = await sent(desk, "petitions", f"/petitions/{id}/{verb}", form, verb)
    if isinstance(done, Setback):
        return await show_case(desk, id, done)
    return go(f"/work/petitions/{id}", form.done)


async def show_case(desk: Desk, id: str, setback: Setback | None = None) -> Response:
    """The case as it is now; with what was not done where there is a setback."""
    found, history, places, categories = await asyncio.gather(
        desk.get("petitions", f"/petitions/{id}"),
        desk.maybe("petitions", f"/petitions/{id}/timeline"),
        desk.places(),
        categories_of(desk.request),
    )
    timeline: list[dict[str, Any]] = [] if history is None else history["items"]
    dossier = found.get("dossier", ())
    steps = story.told(timeline, dossier, places, desk.texts.gettext, desk.moment)
    changed = []
    if setback is not None and setback.version is not None:
        changed = [step for step in steps if step.version > setback.version]
    described = story.described(dossier)
    forms, offers = await asyncio.gather(
        _forms(desk, found, setback),
        offering.for_case(desk, found, places, story.promises(dossier)),
    )
    files = [entry for entry in dossier if entry["name"] == "AttachmentAdded"]
    return await desk.page(
        "staff/case.html",
        status=HTTPStatus.OK if setback is None else setback.status,
        case=found,
        described=described,
        contact=(described or {}).get("contact") or {},
        steps=steps,
        changed=changed,
        setback=setback,
        forms=forms,
        groups=GROUPS,
        promises=story.promises(dossier),
        files=files,
        category=categories.full_name(found["category"]),
        offers=offers,
        me=desk.session.sub,
        quarrel=becomes_dispute(found, desk),
        rooms=desk.has(*CONVENING),
    )


async def _forms(
    desk: Desk, found: Mapping[str, Any], setback: Setback | None
) -> dict[Group, list[Open]]:
    """The forms of all verbs in ``can``, in the order of the table, by their groups."""
    order = {verb: n for n, verb in enumerate(FORMS)}
    grouped: dict[Group, list[Open]] = {group: [] for group in GROUPS}
    for verb in sorted(found["can"], key=lambda verb: order.get(verb, len(order))):
        form = FORMS.get(verb) or await form_for(desk, "petitions", "petitions", verb)
        if form is None:
            continue
        typed, shown = Typed(), False
        if setback is not None and setback.verb == verb:
            typed, shown = setback.typed, True
        grouped[form.group].append(Open(verb, form, fresh_key(), typed, shown))
    return {group: those for group, those in grouped.items() if those}
