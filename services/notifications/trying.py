"""Trying words before they are used: whether templates can be filled with what their kind has, and
how long they come out for each way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.notifications.domain.kind_rule import Words
from services.notifications.domain.preferences.state import Tongue
from services.notifications.domain.ways import Way
from services.notifications.fitting import fit, octets, parts
from services.notifications.kinds import kinds_in_use
from services.notifications.wording import NotRenderable, Rendered, wording


@dataclass(frozen=True, slots=True)
class Preview:
    """How a message would read by a way: `length` in characters (a robot's in bytes), `parts` of a
    text, and whether something had to be cut.
    """

    title: str
    body: str
    length: int
    parts: int | None
    cut: bool


def fault_in(kind: str, words: Mapping[Tongue, Words]) -> str | None:
    """Why these words cannot be used for a kind, None where they can: each template is filled with
    a sample of every parameter that a message of the kind has, and must not come out empty.
    """
    sample = kinds_in_use().sample(kind)
    for tongue, own in words.items():
        try:
            rendered = wording(tongue).render(kind, sample, {}, own)
        except NotRenderable as error:
            return f"{tongue.value}: {error}"
        if not rendered.title.strip() or not rendered.body.strip():
            return f"{tongue.value}: title and body must not come out empty"
    return None


def previews(rendered: Rendered, keep: str) -> dict[Way, Preview]:
    """The message as it would go out by each way."""
    return {way: _preview(rendered, way, keep) for way in Way}


def _preview(rendered: Rendered, way: Way, keep: str) -> Preview:
    fitted = fit(rendered, way, keep)
    measure: Any = octets if way is Way.ROBOT else len
    return Preview(
        fitted.title,
        fitted.body,
        measure(fitted.body),
        parts(fitted.body) if way is Way.SMS else None,
        "…" in (fitted.title + fitted.body)
        and "…" not in (rendered.title + rendered.body + rendered.short),
    )
