"""Every query of petitions is answered from an index: a million of them are never read through."""

from datetime import UTC, datetime
from typing import Any

from pymongo import MongoClient

from deploy.local.servers import MongoServer
from services.petitions import views
from services.petitions.domain.state import Status
from shared.runtime.journal import Query
from shared.runtime.matching import full_order
from shared.runtime.mongo_query import page_filter, sort_of
from tests.plans import read_through, sorted_anew

NOW = datetime(2026, 3, 4, 2, tzinfo=UTC)
PETITIONS = {
    "work queue": views.work_queue(now=NOW, places=["p"]),
    "work queue of two places": views.work_queue(now=NOW, places=["p", "q"]),
    "overdue": views.work_queue(now=NOW, places=["p"], overdue=True),
    "somebody's work": views.work_queue(now=NOW, places=["p"], assignee="a"),
    "closed ones": views.work_queue(now=NOW, places=["p"], statuses=[Status.CLOSED]),
    "closed and answered": views.work_queue(
        now=NOW, places=["p"], statuses=[Status.CLOSED, Status.ANSWERED]
    ),
    "old and open": Query({**views.OPEN, "_id": {"$lt": "b"}}, (("_id", -1),)),
    "to follow up": views.to_follow_up(places=None, without_login=True, caller="c"),
    "to follow up at a place": views.to_follow_up(places=["p"], without_login=False, caller="c"),
    "promises to follow up": views.promises_to_follow_up(
        now=NOW, places=None, without_login=True, not_about=["c"]
    ),
    "receipt": views.by_receipt("1234567895"),
    "in hands": views.in_the_hands_of("a"),
    "in nobody's hands": views.in_nobodys_hands("p"),
    "in the open": views.in_the_open(place=None),
    "in the open at a place": views.in_the_open(place="p", statuses=[Status.CLOSED]),
    "in the open by name": views.in_the_open(place=None, ids=["a", "b"]),
    "in the open since": views.in_the_open(place=None, since=NOW, until=NOW),
    "in the open at a place since": views.in_the_open(place="p", since=NOW),
    "released": views.in_the_open(place=None, released=True),
    "released at a place": views.in_the_open(place="p", released=True),
    "called onto": views.called_onto("d", open=True),
    "were called onto": views.called_onto("d", open=False),
    "unsolved": views.unsolved(["p"], NOW, None),
    "unsolved and closed since": views.unsolved(["p"], NOW, NOW),
}
FEW = {
    "filed by": views.of_voice("petitioner", "r"),
    **{f"concerning, {n}": asked for n, asked in enumerate(views.all_concerning("r"))},
    "signed by": views.of_voice("voices.signers", "r"),
}
"""Read whole and then sorted: a person has few."""
WHISTLES = {
    "calls": views.calls(["p"]),
    "calls of": views.calls_of("a"),
    "blown by": views.blown_by("r"),
    "all blown by": views.all_blown_by("r"),
}


async def test_every_query_reads_an_index(mongo: MongoServer, database: str) -> None:
    asked = {"petition": {**PETITIONS, **FEW}, "whistle": WHISTLES}
    assert await read_through(mongo, database, views.KINDS, asked) == []


async def test_what_is_asked_page_by_page_is_read_in_its_order(
    mongo: MongoServer, database: str
) -> None:
    asked = {"petition": PETITIONS, "whistle": WHISTLES}
    assert await sorted_anew(mongo, database, views.KINDS, asked) == []


async def test_of_somebodys_petitions_no_others_are_looked_at(
    mongo: MongoServer, database: str
) -> None:
    assert await read_through(mongo, database, views.KINDS, {"petition": FEW}) == []
    of_all = [
        {"_id": f"{n:05}", "s": {"petitioner": "r" if n % 500 == 0 else f"r{n}", "receipt": f"{n}"}}
        for n in range(5_000)
    ]
    asked = FEW["filed by"]
    order = full_order(asked)
    with MongoClient[dict[str, Any]](mongo.uri) as client:
        store = client[database]
        store["state_petition"].insert_many(of_all)
        find = {
            "find": "state_petition",
            "filter": page_filter(asked, order, views.KINDS[0]),
            "sort": dict(sort_of(order)),
            "limit": asked.limit,
        }
        looked_at = store.command("explain", find, verbosity="executionStats")["executionStats"]
    assert looked_at["nReturned"] == looked_at["totalDocsExamined"] == 10
