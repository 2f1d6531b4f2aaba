"""What residents do with a thing: a form for a verb becomes the command of a service."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request

from services.gateway.pages.asking import Refusal, once, tell
from services.gateway.pages.forms import values_of

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Deed:
    """A verb: the fields of its form, the command's body, what is said afterwards, and the page
    that comes then where it is not that of the thing.
    """

    fields: tuple[str, ...]
    body: Callable[[Values], dict[str, Any]]
    said: str
    then: str | None = None


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


def only(*names: str) -> Callable[[Values], dict[str, Any]]:
    """A body that is what these fields say."""
    return lambda values: {name: values.get(name, "") for name in names}


async def carried_out(
    request: Request, service: str, path: str, deed: Deed, form: FormData, name: str
) -> Failed | None:
    """Does it; what is refused comes back for the form called `name`. Raises as `ask`."""
    values = values_of(form, deed.fields)
    try:
        await tell(request, service, path, deed.body(values), key=once(form))
    except Refusal as refusal:
        return failure(refusal, name, values, deed.fields)
    return None


def failure(refusal: Refusal, name: str, values: Values, fields: tuple[str, ...]) -> Failed:
    """What a refusal means for a form with these fields."""
    errors = refusal.for_field(*fields) or {"": refusal.detail}
    return Failed(name, values, errors, refusal.status)
