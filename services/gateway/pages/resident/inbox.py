"""The inbox: messages, the unread ones first; with a script it keeps itself up to date."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.identity import form_of, signed_in
from services.gateway.pages.asking import ask, next_of, once, tell
from services.gateway.pages.forms import quoted
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import go, page

PER_PAGE = "20"
PAGES = {
    "petition": "/petitions/",
    "activity": "/activities/",
    "wish": "/wishes/",
    "dispute": "/disputes/",
    "session": "/sessions/",
    "agreement": "/agreements/",
    "order": "/orders/",
    "reward": "/rewards/",
    "credential": "/me/certificates/",
    "care-plan": "/care/",
    "patrol-finding": "/findings/",
}
"""Where the things are that messages are about, by the kind of their stream."""


def subject_of(about: str | None) -> str | None:
    """The page of what a message is about (``petition-<id>``); None where it has none."""
    for kind, at in PAGES.items():
        id = (about or "").removeprefix(f"{kind}-")
        if id and id != about:
            return at + quoted(id)
    return None


@shown
async def inbox(request: Request) -> Response:
    """A page of messages; htmx is given the list alone."""
    await signed_in(request)
    asked = next_of(request, PER_PAGE)
    found = await ask(request, "notifications", "/inbox", params=asked)
    items = [{**one, "page": subject_of(one["about"])} for one in found["items"]]
    return await page(
        request,
        "resident/inbox.html",
        fragment="messages",
        items=items,
        unread=found["unread"],
        next=found["next"],
        cursor=asked.get("cursor"),
    )


@shown
async def read(request: Request) -> Response:
    """A message was read; on to what it is about, where that has a page."""
    await signed_in(request)
    form = await form_of(request)
    id = quoted(request.path_params["id"])
    await tell(request, "notifications", f"/messages/{id}/read", {}, key=once(form))
    about = form.get("about")
    return go(subject_of(about if isinstance(about, str) else None) or "/inbox")


ROUTES: list[BaseRoute] = [
    Route("/inbox", inbox),
    Route("/inbox/{id}/read", read, methods=["POST"]),
]
