"""What residents do with a petition: the verbs that `can` offers them, each with its form."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from services.gateway.identity import signed_in
from services.gateway.pages.asking import ask
from services.gateway.pages.forms import quoted, whole
from services.gateway.pages.languages import marked
from services.gateway.pages.resident.deed import Deed, Values, doing, only
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


async def _for_the_household(request: Request, _values: Values) -> dict[str, Any]:
    """For which household somebody signs: the one they are registered in."""
    session = await signed_in(request)
    known = await ask(request, "community", f"/residents/{quoted(session.sub)}")
    return {"household": known.get("household") or ""}


DEEDS: Mapping[str, Deed] = {
    "comment": Deed(("text",), only("text"), marked("留言已发出。")),
    "rate": Deed(("stars", "solved", "word"), _rating, marked("谢谢您的评价。")),
    "confirm-solved": Deed((), only(), marked("已确认解决，这件诉求办结了。")),
    "withdraw": Deed(("reason",), only("reason"), marked("诉求已撤回。")),
    "ask-review": Deed(("reason",), only("reason"), marked("复查申请已提交。")),
    "judge-promise": Deed(("promise", "kept", "word"), _judgement, marked("谢谢，已经记下。")),
    "support": Deed((), only(), marked("已支持。办得怎么样会告诉您。")),
    "withdraw-support": Deed((), only(), marked("已撤回支持。"), "/petitions?voice=supported"),
    "sign": Deed((), only(), marked("已联名。"), more=_for_the_household),
    "withdraw-signature": Deed((), only(), marked("已撤回联名。"), "/petitions?voice=signed"),
    "pass-on": Deed(("to",), only("to"), marked("已转交。"), "/petitions"),
}


do = doing("petitions", "/petitions/{id}", DEEDS, show)

ROUTES: list[BaseRoute] = [Route("/petitions/{id}/{verb}", do, methods=["POST"])]
