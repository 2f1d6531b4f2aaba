"""Spans: one trace from the gateway's request to the notification that is stored."""

import secrets

import pytest

from tests.deploy.receiver import Span
from tests.deploy.watched import Watched, files_by_the_gateway
from tests.e2e.waiting import until

SENT_WITHIN = 60
"""Seconds: spans are sent in batches, every five of them."""


@pytest.mark.slow
def test_one_trace_leads_from_the_gateway_to_the_notification(watched: Watched) -> None:
    trace, outside = secrets.token_hex(16), secrets.token_hex(8)
    resident = watched.town.resident()
    petition = files_by_the_gateway(watched.town, resident, traceparent=f"00-{trace}-{outside}-01")
    resident.told("petition-received", petition)

    def whole() -> dict[str, Span]:
        found = {span.service: span for span in watched.receiver.of(trace)}
        needed = {"jinlin-gateway", "jinlin-petitions", "jinlin-notifications"}
        return found if needed <= found.keys() else {}

    spans = until(whole, "the trace has come from all three", SENT_WITHIN)
    door, taken = spans["jinlin-gateway"], spans["jinlin-petitions"]
    assert door.parent == outside
    assert taken.parent == door.id
    assert taken.attributes == {"http.route": "/petitions", "http.response.status_code": 201}
    reactions = [
        span for span in watched.receiver.of(trace) if span.service == "jinlin-notifications"
    ]
    assert {span.parent for span in reactions} == {taken.id}
    assert "react cn.jinlin.petitions.PetitionFiled.v1" in {span.name for span in reactions}
    assert not any(span.failed for span in watched.receiver.of(trace))
    stored = watched.town.store("notifications")["commits"].find({"trace": {"$regex": trace}})
    assert {one["trace"].split("-")[2] for one in stored} <= {span.id for span in reactions}


@pytest.mark.slow
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
