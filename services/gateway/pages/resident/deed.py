"""What residents do with a thing: a form for a verb becomes the command of a service."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.identity import form_of, signed_in
from services.gateway.pages.asking import Missing, Refusal, once, tell
from services.gateway.pages.forms import quoted, values_of
from services.gateway.pages.refusals import Endpoint, shown
from services.gateway.pages.rendering import go

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Failed:
    """What was sent and not done: the form that is shown again, with what was typed and what is
    wrong with it by field; what is wrong with the whole stands under "".
    """

    form: str = ""
    values: Values = field(default_factory=dict)
    errors: Values = field(default_factory=dict)
    status: int = 200

    def given(self, form: str) -> Values:
        """What was typed in that form."""
        return self.values if form == self.form else {}

    def wrong(self, form: str) -> Values:
        """What is wrong in that form."""
        return self.errors if form == self.form else {}


NOTHING_FAILED = Failed()


def failure(refusal: Refusal, name: str, values: Values, fields: tuple[str, ...]) -> Failed:
    """What a refusal means for a form with these fields."""
    errors = refusal.for_field(*fields) or {"": refusal.detail}
    return Failed(name, values, errors, refusal.status)


@dataclass(frozen=True, slots=True)
class Deed:
    """A verb: the fields of its form, the command's body, what is said afterwards, and the page
    that comes then where it is not that of the thing.

    `each` is the field, or the part of the address, that tells several forms of the verb on a page
    apart. `asked` is the path of what has the verb, where that is not the thing itself. `more` adds
    what the form does not say to the body; `failed` reads a refusal where fields of the form go by
    other names in the command.
    """

    fields: tuple[str, ...]
    body: Callable[[Values], dict[str, Any]]
    said: str
    then: str | None = None
    each: str | None = None
    asked: str | None = None
    more: Callable[[Request, Values], Awaitable[dict[str, Any]]] | None = None
    failed: Callable[[Refusal, str, Values, tuple[str, ...]], Failed] = failure


def only(*names: str) -> Callable[[Values], dict[str, Any]]:
    """A body that is what these fields say."""
    return lambda values: {name: values.get(name, "") for name in names}


def doing(
    service: str,
    asked: str,
    deeds: Mapping[str, Deed],
    show: Callable[[Request, Failed], Awaitable[Response]],
    at: str | None = None,
) -> Endpoint:
    """The endpoint of ``POST <page>/{verb}``: does it and goes back to the page `at`, or shows what
    was not done. `asked` is the path of the thing at its service, and of its page where that is not
    named; both may have parts of the page's own address in braces.
    """
    page_at = at or asked

    @shown
    async def do(request: Request) -> Response:
        """Carries out a verb, then shows what came of it."""
        await signed_in(request)
        address = {name: quoted(value) for name, value in request.path_params.items()}
        verb = request.path_params["verb"]
        deed = deeds.get(verb)
        if deed is None:
            raise Missing
        form = await form_of(request)
        values = values_of(form, deed.fields)
        body = deed.body(values)
        if deed.more is not None:
            body |= await deed.more(request, values)
        path = f"{(deed.asked or asked).format(**address)}/{verb}"
        try:
            await tell(request, service, path, body, key=once(form))
        except Refusal as refusal:
            told = {**values, **request.path_params}
            name = verb if deed.each is None else f"{verb}-{told[deed.each]}"
            try:
                return await show(request, deed.failed(refusal, name, values, deed.fields))
            except Missing:  # a petition cannot be looked at before it is supported
                raise refusal from None
        return go(deed.then or page_at.format(**address), deed.said)

    return do
