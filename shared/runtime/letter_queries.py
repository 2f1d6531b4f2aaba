"""``/dead-letters``: what a service could not handle, for those who run the platform.

Every service that listens to others answers it, in the same shape. What is decided on a letter is
decided once: the same again gives the first outcome, the opposite is refused.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import structlog
from fastapi import Body, Path
from pydantic import BaseModel, ConfigDict, Field

from shared.runtime import cursors, metrics
from shared.runtime.api import CurrentCaller, CurrentLetters
from shared.runtime.cursors import Cursor, Limit
from shared.runtime.identity import Caller
from shared.runtime.letters import (
    DROPPED,
    MOST_SHOWN,
    ORIGINS,
    REPLAYED,
    Letter,
    Letterbox,
    NoSuchLetter,
)
from shared.runtime.policies import administrator, operator
from shared.runtime.problems import Invalid, NotFound, Problem
from shared.runtime.queries import Queries

LONGEST_REASON = 500
REFUSED = {REPLAYED: "letter-replayed", DROPPED: "letter-dropped"}
"""The refusal of the opposite, by what was decided before."""

LetterId = Annotated[
    str, Path(pattern=r"^[0-9]{1,6}-[0-9]{1,18}$", description="As the list names it")
]

log = structlog.get_logger(__name__)


class Drop(BaseModel):
    """Why a letter is put away: kept with it, for whoever asks later."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reason: str = Field(min_length=1, max_length=LONGEST_REASON)


def letter_queries(service: str) -> Queries:
    """The questions and decisions about a service's dead letters."""
    queries = Queries(tags=["Dead letters"])
    may = operator | administrator

    @queries.get("/dead-letters", may=may, note="what nothing has become of yet")
    async def dead_letters(
        letters: CurrentLetters, limit: Limit = 50, cursor: Cursor = None
    ) -> dict[str, Any]:
        """Unresolved dead letters, the newest first. ``complete`` is false where the topic holds
        more than one look takes in.
        """
        look = await letters.look()
        waiting = sorted(look.unresolved(), key=_place, reverse=True)
        page, after = _page(waiting, limit, cursors.decode(cursor))
        return {
            "items": [_told(letter) for letter in page],
            "next": cursors.encode(after),
            "count": len(waiting),
            "complete": look.complete,
        }

    @queries.get("/dead-letters/{id}", may=may)
    async def dead_letter(id: LetterId, letters: CurrentLetters) -> dict[str, Any]:
        """One letter: what it says, why it failed, what became of it."""
        letter = await _found(letters, id)
        text, whole = letter.text(MOST_SHOWN)
        return {
            **_told(letter),
            "key": letter.header("original-key"),
            "text": text,
            "whole": whole,
            "can": _can(letter),
        }

    @queries.post("/dead-letters/{id}/replay", may=may)
    async def replay(
        id: LetterId, caller: CurrentCaller, letters: CurrentLetters
    ) -> dict[str, Any]:
        """Sends a letter again, for this service alone, and notes it. Sent twice, it has one
        effect.
        """
        letter = await _found(letters, id)
        if _decided(letter, REPLAYED):
            return _outcome(letter)
        if letter.origin[0] not in ORIGINS:
            raise Problem(409, "letter-astray")
        await letters.replay(letter, caller.sub)
        return await _done(service, letters, letter, REPLAYED, caller)

    @queries.post("/dead-letters/{id}/drop", may=may)
    async def drop(
        id: LetterId,
        caller: CurrentCaller,
        letters: CurrentLetters,
        asked: Annotated[Drop, Body()],
    ) -> dict[str, Any]:
        """Puts a letter away for good, and notes why."""
        letter = await _found(letters, id)
        if _decided(letter, DROPPED):
            return _outcome(letter)
        await letters.drop(letter, asked.reason, caller.sub)
        return await _done(service, letters, letter, DROPPED, caller)

    return queries


async def _found(letters: Letterbox, id: str) -> Letter:
    try:
        return (await letters.look(whole=id)).find(id)
    except NoSuchLetter:
        raise NotFound from None


def _decided(letter: Letter, how: str) -> bool:
    """Whether it was decided so before. Raises `Problem` 409 where it was decided otherwise."""
    if letter.resolution is None:
        return False
    if letter.resolution.how != how:
        at = letter.resolution.at
        told = "?" if at is None else at.isoformat(timespec="seconds")
        raise Problem(409, REFUSED[letter.resolution.how], at=told)
    return True


async def _done(
    service: str, letters: Letterbox, letter: Letter, how: str, caller: Caller
) -> dict[str, Any]:
    metrics.DEAD_LETTERS_RESOLVED.labels(service, how).inc()
    log.warning(
        "dead_letter_resolved",
        service=service,
        id=letter.id,
        event_id=letter.header("event-id"),
        topic=letter.origin[0],
        outcome=how,
        holder=caller.sub,
    )
    return _outcome(await _found(letters, letter.id))


def _outcome(letter: Letter) -> dict[str, Any]:
    return {"id": letter.id, "resolution": _resolved(letter)}


def _can(letter: Letter) -> list[str]:
    if letter.resolution is not None:
        return []
    return ["drop", "replay"] if letter.origin[0] in ORIGINS else ["drop"]


def _told(letter: Letter) -> dict[str, Any]:
    topic, partition, offset = letter.origin
    return {
        "id": letter.id,
        "service": letter.service,
        "event": letter.header("event-id") or None,
        "failed_at": letter.failed_at,
        "tries": letter.header("tries"),
        "reason": letter.header("reason"),
        "from": {"topic": topic, "partition": partition, "offset": offset},
        "resolution": _resolved(letter),
    }


def _resolved(letter: Letter) -> dict[str, Any] | None:
    found = letter.resolution
    if found is None:
        return None
    return {
        "how": found.how,
        "reason": found.reason or None,
        "at": found.at,
        "by": found.by or None,
    }


def _place(letter: Letter) -> tuple[datetime, str]:
    """Where a letter stands in the list: to the millisecond, as cursors have times."""
    when = letter.failed_at or datetime.fromtimestamp(0, UTC)
    return when.replace(microsecond=when.microsecond // 1000 * 1000), letter.id


def _page(
    letters: Sequence[Letter], limit: int, after: tuple[Any, ...] | None
) -> tuple[list[Letter], tuple[Any, ...] | None]:
    """So many of those behind a place, and the place of the next page."""
    match after:
        case None:
            behind = list(letters)
        case datetime() as when, str(id):
            behind = [letter for letter in letters if _place(letter) < (when, id)]
        case _:
            raise Invalid("cursor", "is not one that this list gave", "no_place")
    page = behind[:limit]
    return page, _place(page[-1]) if len(behind) > limit else None
