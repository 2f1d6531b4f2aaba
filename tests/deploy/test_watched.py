"""The running platform watched: every query of every dashboard has an answer, and one trace leads
from the gateway's request to the notification that is stored.
"""

import json
import secrets
from collections.abc import Iterator
from functools import partial

import pytest

from deploy.grafana.board import Board
from deploy.grafana.writing import DASHBOARDS, FOLDER
from deploy.local.install import find_prometheus
from deploy.local.issuer import IssuerProcess
from deploy.local.servers import MongoServer
from tests.deploy.receiver import Span
from tests.deploy.watched import SCRAPED_WITHIN, Watched, files_by_the_gateway, watched_town
from tests.e2e.waiting import until

pytestmark = pytest.mark.slow

SHOWN_OF = ("petitions", "notifications")
"""What ``$service`` stands for while the queries are tried."""
WAY = (
    "POST petitions",
    "batch petitions",
    "publish petitions",
    "react cn.jinlin.petitions.PetitionFiled.v1",
    "batch notifications",
)
"""What a petition's trace leads through behind the gateway."""
SENT_WITHIN = 60
"""Seconds: spans are sent in batches, every five of them."""


@pytest.fixture(scope="module")
def watched(
    mongo: MongoServer, issuer: IssuerProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Watched]:
    """A town with traffic, Prometheus and a receiver of spans."""
    if find_prometheus() is None:
        pytest.skip("there is no Prometheus: Debian's package has it (`make install`)")
    with watched_town(mongo, issuer, tmp_path_factory.mktemp("watched")) as there:
        yield there


def queries(board: Board) -> list[str]:
    """The queries of all panels of a dashboard, as they are in its JSON."""
    panels = json.loads((FOLDER / f"{board.uid}.json").read_text())["panels"]
    return [one["expr"] for panel in panels for one in panel.get("targets", ())]


@pytest.mark.parametrize("board", DASHBOARDS, ids=lambda board: board.uid)
def test_every_query_is_answered(watched: Watched, board: Board) -> None:
    for query in queries(board):
        for name in SHOWN_OF if board.per_service else ("",):
            asked = query.replace("$service", name)
            until(partial(watched.figures, asked), f"{board.uid}: {asked}", SCRAPED_WITHIN)


def test_every_rule_is_evaluated_without_an_error(watched: Watched) -> None:
    def looked_at() -> list[dict[str, str]]:
        answer = watched.town.http.get(f"{watched.prometheus.url}/api/v1/rules").json()
        rules = [rule for group in answer["data"]["groups"] for rule in group["rules"]]
        return rules if all(rule["health"] != "unknown" for rule in rules) else []

    rules = until(looked_at, "all rules have been evaluated", SCRAPED_WITHIN)
    assert [rule for rule in rules if rule["health"] != "ok"] == []


def test_one_trace_leads_from_the_gateway_to_the_notification(watched: Watched) -> None:
    trace, outside = secrets.token_hex(16), secrets.token_hex(8)
    resident = watched.town.resident()
    petition = files_by_the_gateway(watched.town, resident, traceparent=f"00-{trace}-{outside}-01")
    resident.told("petition-received", petition)

    def whole() -> dict[str, Span]:
        found = {span.name: span for span in watched.receiver.of(trace)}
        needed = {"POST gateway", *WAY}
        return found if needed <= found.keys() else {}

    spans = until(whole, "the trace has come from all three", SENT_WITHIN)
    door, taken = spans["POST gateway"], spans["POST petitions"]
    assert door.parent == outside
    assert taken.parent == door.id
    assert taken.attributes == {"http.route": "/petitions", "http.response.status_code": 201}
    written, published = spans["batch petitions"], spans["publish petitions"]
    assert (written.parent, published.parent) == (taken.id, taken.id)
    assert written.attributes == {"jinlin.commands": 1, "jinlin.conflicts": 0}
    assert published.attributes["messaging.batch.message_count"] >= 1
    reactions = {
        span.id: span.parent
        for span in watched.receiver.of(trace)
        if (span.service, span.name[:6]) == ("jinlin-notifications", "react ")
    }
    assert set(reactions.values()) == {taken.id}
    assert spans["batch notifications"].parent in reactions
    assert not any(span.failed for span in watched.receiver.of(trace))
    stored = watched.town.store("notifications")["commits"].find({"trace": {"$regex": trace}})
    assert {one["trace"].split("-")[2] for one in stored} <= reactions.keys()


def test_what_the_caller_does_not_want_recorded_is_not(watched: Watched) -> None:
    trace = secrets.token_hex(16)
    resident = watched.town.resident()
    petition = files_by_the_gateway(
        watched.town, resident, traceparent=f"00-{trace}-{secrets.token_hex(8)}-00"
    )
    resident.told("petition-received", petition)
    # A later one that is recorded has come: the earlier would have come before it.
    after = secrets.token_hex(16)
    files_by_the_gateway(
        watched.town, resident, traceparent=f"00-{after}-{secrets.token_hex(8)}-01"
    )
    until(lambda: len({s.service for s in watched.receiver.of(after)}) >= 3, "it came", SENT_WITHIN)
    assert watched.receiver.of(trace) == []
