"""Certificates: of hours served, asked for here; and credentials (with a QR code) of what the
ledger has sealed, to be shown to others.
"""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.doorway import doorway_of
from services.gateway.identity import form_of, signed_in
from services.gateway.pages.asking import Missing, Refusal, ask, once, send, tell, unless_away
from services.gateway.pages.forms import quoted, values_of
from services.gateway.pages.languages import marked
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import go, page
from services.gateway.pages.resident.deed import NOTHING_FAILED, Failed, failure

DOCUMENTS: Mapping[str, tuple[str, str]] = {
    "certificate": ("volunteering", "certificates"),
    "agreement": ("mediation", "agreements"),
}
"""Who gives out the document of a thing, by its kind: service and collection."""
DAYS = ("from", "to")


@shown
async def certificates(request: Request) -> Response:
    """What one has, and what can be made of it."""
    return await _show(request, NOTHING_FAILED)


async def _show(request: Request, failed: Failed) -> Response:
    await signed_in(request)
    hours = await unless_away(ask(request, "volunteering", "/certificates"))
    credentials = await unless_away(ask(request, "ledger", "/credentials"))
    documents = await unless_away(ask(request, "ledger", "/documents"))
    made = {one["digest"] for one in (credentials or {"items": []})["items"]}
    return await page(
        request,
        "resident/certificates.html",
        status=failed.status,
        hours=None if hours is None else hours["items"],
        credentials=None if credentials is None else credentials["items"],
        documents=[
            {**one, "kind": one["source"].partition(":")[0]}
            for one in (documents or {"items": []})["items"]
            if one["id"] not in made and not one["withdrawn"]
        ],
        failed=failed,
    )


@shown
async def certify(request: Request) -> Response:
    """The hours of some days are certified."""
    await signed_in(request)
    form = await form_of(request)
    values = values_of(form, DAYS)
    try:
        await tell(request, "volunteering", "/certificates", values, key=once(form))
    except Refusal as refusal:
        return await _show(request, failure(refusal, "certify", values, DAYS))
    return go("/me/certificates", marked("证明已开。存证后可以做成带二维码的凭证。"))


@shown
async def issue(request: Request) -> Response:
    """A credential is made of a document, which goes to the ledger byte for byte."""
    session = await signed_in(request)
    form = await form_of(request)
    digest = str(form.get("document", ""))
    sealed = (await ask(request, "ledger", "/documents"))["items"]
    source = next((one["source"] for one in sealed if one["id"] == digest), "")
    kind, _, id = source.partition(":")
    if kind not in DOCUMENTS:
        raise Missing
    service, collection = DOCUMENTS[kind]
    document = await doorway_of(request).upstreams.ask(
        service, "GET", f"/{collection}/{quoted(id)}/document", token=session.access_token
    )
    if document.status != 200:
        raise Missing
    try:
        made = await send(
            request,
            "ledger",
            "/credentials",
            document.content,
            "application/json",
            key=once(form),
        )
    except Refusal as refusal:
        return await _show(request, failure(refusal, f"issue-{digest}", {}, ()))
    return go(f"/me/certificates/{quoted(made['id'])}", marked("凭证已做好。"))


@shown
async def credential(request: Request) -> Response:
    """One credential, with what is scanned and what is typed where nothing can be scanned."""
    await signed_in(request)
    id = request.path_params["id"]
    found = await ask(request, "ledger", f"/credentials/{quoted(id)}")
    return await page(request, "resident/credential.html", credential=found)


@shown
async def give_up(request: Request) -> Response:
    """It counts no more."""
    await signed_in(request)
    id = quoted(request.path_params["id"])
    form = await form_of(request)
    await tell(request, "ledger", f"/credentials/{id}/give-up", {}, key=once(form))
    return go("/me/certificates", marked("凭证已作废。"))


@shown
async def reissue(request: Request) -> Response:
    """Another one in its place: whoever has the old code finds it revoked."""
    await signed_in(request)
    id = quoted(request.path_params["id"])
    form = await form_of(request)
    made = await tell(request, "ledger", f"/credentials/{id}/reissue", {}, key=once(form))
    return go(f"/me/certificates/{quoted(made['id'])}", marked("已换发，旧的不再有效。"))


ROUTES: list[BaseRoute] = [
    Route("/me/certificates", certificates, methods=["GET"]),
    Route("/me/certificates", certify, methods=["POST"]),
    Route("/me/certificates/issue", issue, methods=["POST"]),
    Route("/me/certificates/{id}", credential),
    Route("/me/certificates/{id}/give-up", give_up, methods=["POST"]),
    Route("/me/certificates/{id}/reissue", reissue, methods=["POST"]),
]
