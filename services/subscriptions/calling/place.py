"""How far a webhook has been called, as it is kept: beside the store's states, under the lease of
whoever calls. It is overwritten with every step, since its past says nothing that the delivery log
does not say better.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from services.subscriptions.feed_reading import Cursor

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def lease_of(webhook: str) -> str:
    """The name under which the place of a webhook is kept."""
    return f"webhook-{webhook}"


@dataclass(frozen=True, slots=True)
class Failing:
    """An event that was not taken: `tries` times, first at `since`, again at `next`."""

    at: Cursor
    event: str
    tries: int
    since: datetime
    next: datetime
    outcome: str


@dataclass(frozen=True, slots=True)
class Place:
    """All up to `acknowledged` was taken or is not wanted, and of what follows those in `beyond`.
    `run` is that of the webhook: another one begins elsewhere.
    """

    run: int
    acknowledged: Cursor
    beyond: tuple[Cursor, ...] = ()
    failing: tuple[Failing, ...] = ()

    def forgiven(self, resumed: datetime, now: datetime) -> "Place":
        """As if nothing had failed before then: that is sent again at once."""
        anew = tuple(
            replace(one, tries=0, since=now, next=now) if one.since < resumed else one
            for one in self.failing
        )
        return replace(self, failing=anew)

    def token(self) -> dict[str, Any]:
        """As a document."""
        return {
            "run": self.run,
            "at": _plain(self.acknowledged),
            "beyond": [_plain(each) for each in self.beyond],
            "failing": [
                [
                    *_plain(one.at),
                    one.event,
                    one.tries,
                    _milliseconds(one.since),
                    _milliseconds(one.next),
                    one.outcome,
                ]
                for one in self.failing
            ],
        }


def place_in(token: Mapping[str, Any]) -> Place:
    """The place in such a document."""
    return Place(
        int(token["run"]),
        Cursor(*token["at"]),
        tuple(Cursor(*each) for each in token["beyond"]),
        tuple(
            Failing(Cursor(version, index), event, tries, _moment(since), _moment(next), outcome)
            for version, index, event, tries, since, next, outcome in token["failing"]
        ),
    )


def _plain(cursor: Cursor) -> list[int]:
    return [cursor.version, cursor.index]


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _moment(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)
