"""What residents do with a petition: the verbs that `can` offers them, each with its form."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.identity import form_of, signed_in
from services.gateway.pages.asking import Missing, Refusal, ask, once, tell
from services.gateway.pages.forms import quoted, values_of, whole
from services.gateway.pages.languages import marked
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import go
from services.gateway.pages.resident.deed import Deed, Values, only
from services.gateway.pages.resident.petitions import show


def _rating(values: Values) -> dict[str, Any]:
    return {
        "stars": whole(values.get("stars", "")),
        "solved": values.get("solved") == "yes",
        "word": values.get("word", ""),
    }


def _judgement(values: Values) -> dict[str, Any]:
    return {
        "promise": whole(values.get("promise", "")),
        "kept": values.get("kept") == "yes",
        "word": values.get("word", ""),
    }


DEEDS: Mapping[str, Deed] = {
    "comment": Deed(("text",), only("text"), marked("留言已发出。")),
    "rate": Deed(("stars", "solved", "word"), _rating, marked("谢谢您的评价。")),
    "confirm-solved": Deed((), only(), marked("已确认解决，这件诉求办结了。")),
    "withdraw": Deed(("reason",), only("reason"), marked("诉求已撤回。")),
    "ask-review": Deed(("reason",), only("reason"), marked("复查申请已提交。")),
    "judge-promise": Deed(("promise", "kept", "word"), _judgement, marked("谢谢，已经记下。")),
    "support": Deed((), only(), marked("已支持。办得怎么样会告诉您。")),
    "withdraw-support": Deed((), only(), marked("已撤回支持。"), "/petitions?voice=supported"),
    "sign": Deed((), only(), marked("已联名。")),
    "withdraw-signature": Deed((), only(), marked("已撤回联名。"), "/petitions?voice=signed"),
    "pass-on": Deed(("to",), only("to"), marked("已转交。"), "/petitions"),
}


async def _household(request: Request, sub: str) -> dict[str, Any]:
    """For which household somebody signs: the one they are registered in."""
    known = await ask(request, "community", f"/residents/{quoted(sub)}")
    return {"household": known.get("household") or ""}


MORE: Mapping[str, Callable[[Request, str], Awaitable[dict[str, Any]]]] = {"sign": _household}
"""What of a body the form does not say."""


@shown
async def do(request: Request) -> Response:
    """Carries out a verb, then shows what came of it."""
    session = await signed_in(request)
    id, verb = request.path_params["id"], request.path_params["verb"]
    deed = DEEDS.get(verb)
    if deed is None:
        raise Missing
    form = await form_of(request)
    values = values_of(form, deed.fields)
    body = deed.body(values)
    if verb in MORE:
        body |= await MORE[verb](request, session.sub)
    try:
        await tell(request, "petitions", f"/petitions/{quoted(id)}/{verb}", body, key=once(form))
    except Refusal as refusal:
        errors = refusal.for_field(*deed.fields) or {"": refusal.detail}
        try:
            return await show(
                request, id, status=refusal.status, failed=verb, values=values, errors=errors
            )
        except Missing:  # it cannot be looked at before it is supported
            raise refusal from None
    return go(deed.then or f"/petitions/{quoted(id)}", deed.said)


ROUTES: list[BaseRoute] = [Route("/petitions/{id}/{verb}", do, methods=["POST"])]
