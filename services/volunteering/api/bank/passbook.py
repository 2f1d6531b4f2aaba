"""The passbook (存折): every entry of an account with the balance after it, and what it was for."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

import orjson
from fastapi import Query, Response

from services.volunteering.access import convenor_there, its_keepers
from services.volunteering.domain.bank.account import account
from services.volunteering.domain.bank.reward import reward
from shared.contracts.types import Id
from shared.runtime.api import CurrentCaller, CurrentStore
from shared.runtime.journal import Commit
from shared.runtime.policies import anyone
from shared.runtime.problems import Invalid, NotFound
from shared.runtime.queries import Queries, gives
from shared.runtime.store import Store
from shared.runtime.tables import csv_head, csv_lines
from shared.worktime.hours import CHINA

JSON, CSV = "application/json", "text/csv"
ENTRIES = {
    "PointsEarned": "earned",
    "PointsReversed": "reversed",
    "PointsClaimed": "claimed",
    "PointsExpired": "expired",
    "PointsSent": "given",
    "PointsReceived": "received",
    "PointsReturned": "declined",
    "PointsTakenBack": "taken-back",
    "PointsHeld": "bought",
    "PointsReleased": "released",
    "PointsRedeemed": "redeemed",
    "PointsRefunded": "refunded",
}
"""What an entry is called, by the event that it comes of."""
COLUMNS = (
    "at",
    "entry",
    "points",
    "balance",
    "kind",
    "work",
    "begun",
    "minutes",
    "reward",
    "title",
    "shop",
    "other",
    "because",
    "owed",
)

queries = Queries(tags=["Points bank"])


class Form(StrEnum):
    """How the passbook is given."""

    JSON = "json"
    CSV = "csv"


Since = Annotated[date | None, Query(alias="from", description="The first local day")]
Until = Annotated[date | None, Query(alias="to", description="The last local day")]


@queries.get(
    "/accounts/{id}/passbook",
    may=anyone,
    note="who keeps the account, staff of the place",
    **gives(JSON, CSV),
)
async def passbook(
    id: Id,
    caller: CurrentCaller,
    store: CurrentStore,
    since: Since = None,
    until: Until = None,
    format: Form = Form.JSON,
) -> Response:
    """The entries of a time, the oldest first, with the balance before and after."""
    snapshot = await store.get(account, id)
    sees = its_keepers | convenor_there
    if snapshot is None or not sees.allows(caller, snapshot.state, None, snapshot.state.path):
        raise NotFound
    if since is not None and until is not None and until < since:
        raise Invalid("to", "lies before the first day")
    begins, ends = _midnight(since), _midnight(until, days=1)
    everything = list(entries(id, await store.journal.history(account.stream(id))))
    before = [one for one in everything if begins is not None and one["at"] < begins]
    within = [one for one in everything[len(before) :] if (ends is None or one["at"] < ends)]
    await name_rewards(store, within)
    opening = before[-1]["balance"] if before else 0
    headers = {"Cache-Control": "no-store"}
    if format is Form.CSV:
        headers["Content-Disposition"] = 'attachment; filename="passbook.csv"'
        table = csv_head(COLUMNS) + csv_lines(within, COLUMNS)
        return Response(table, media_type=f"{CSV}; charset=utf-8", headers=headers)
    closing = within[-1]["balance"] if within else opening
    shown = {
        "account": id,
        "from": since,
        "to": until,
        "opening": opening,
        "closing": closing,
        "items": within,
    }
    return Response(orjson.dumps(shown), media_type=JSON, headers=headers)


def entries(id: str, history: Iterable[Commit]) -> Iterator[dict[str, Any]]:
    """Every entry of an account, with the balance after it."""
    balance = 0
    for commit in history:
        for event in commit.events:
            entry, data = ENTRIES.get(event.name), event.data or {}
            points = sum(count for name, count in data.get("legs", ()) if name == id)
            # What the limits left nothing of stands in the book, too; what only passed by does not.
            if entry is None or (not points and event.name not in WITH_WORK):
                continue
            balance += points
            yield _entry(commit.at, entry, points, balance, data)


WITH_WORK = ("PointsEarned", "PointsReversed")


def _entry(
    at: datetime, entry: str, points: int, balance: int, data: Mapping[str, Any]
) -> dict[str, Any]:
    begun = data.get("begun")
    return {
        "at": at,
        "entry": entry,
        "points": points,
        "balance": balance,
        "kind": data.get("kind"),
        "work": data.get("work"),
        "begun": None if begun is None else datetime.fromisoformat(begun),
        "minutes": data.get("minutes"),
        "reward": data.get("reward"),
        "title": None,
        "shop": data.get("shop"),
        "other": data.get("to") or data.get("sender"),
        "because": data.get("because"),
        "owed": data.get("owed"),
    }


async def name_rewards(store: Store, shown: Iterable[dict[str, Any]]) -> None:
    """Puts to each entry what its reward is called."""
    there = [one for one in shown if one["reward"] is not None]
    found = await store.journal.load(reward.kind, sorted({one["reward"] for one in there}))
    for one in there:
        if (stored := found.get(one["reward"])) is not None:
            one["title"] = store.read(reward, stored).title


def _midnight(day: date | None, days: int = 0) -> datetime | None:
    if day is None:
        return None
    begins = datetime(day.year, day.month, day.day, tzinfo=CHINA).astimezone(UTC)
    return begins + timedelta(days=days)
