"""The rows: each a function that measures one figure, in a table with its target."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tests.bench import broadcasting, calling, feeding, sealing, telling
from tests.bench.accepting import (
    accept_p99_ms,
    accept_vs_crud,
    accept_vs_textbook,
    gateway_adds_p50_ms,
    lifecycle_rate,
)
from tests.bench.bench import Bench
from tests.bench.figure import Figure
from tests.bench.flowing import AT_REST, UNDER_LOAD, consume_rate, delays, relay_catch_up
from tests.bench.looking import page_p95_ms
from tests.bench.million import (
    duplicates_p99_ms,
    query_p99_ms,
    restart_s,
    slowdown,
    statistics_s,
)
from tests.bench.quarrels import dispute_file_p99_ms, dispute_file_vs_textbook
from tests.bench.serving import (
    check_in_p99_ms,
    check_in_vs_textbook,
    sign_up_p99_ms,
    sign_up_vs_textbook,
)
from tests.bench.showing import evidence_growth_mb, evidence_rate
from tests.bench.standing import restart_to_ready_s, rss_after_load_mb, rss_at_rest_mb, start_s


@dataclass(frozen=True, slots=True)
class Row:
    """How a figure is measured, and what it should be."""

    measure: Callable[[Bench], Figure]
    comparison: Literal[">=", "<="]
    target: float
    unit: str
    what: str
    apart: str = ""
    """Rows of one such name share servers that no other row has filled: for those who begin with
    nothing waiting, or publish what no service has committed.
    """

    def met(self, value: float) -> bool:
        """Whether a value reaches the target."""
        return value >= self.target if self.comparison == ">=" else value <= self.target


ROWS: dict[str, Row] = {
    "start_s": Row(start_s, "<=", 30, "s", "`make up` when installed, to all ready"),
    "rss_mb_at_rest": Row(rss_at_rest_mb, "<=", 120, "MiB", "the largest service at rest"),
    "commit_to_consumer_p50_ms": Row(
        lambda bench: delays(bench, AT_REST).figure(0.5),
        "<=",
        25,
        "ms",
        "commit to the effect stored in notifications, 20 writes/s",
    ),
    "commit_to_consumer_p99_ms": Row(
        lambda bench: delays(bench, AT_REST).figure(0.99), "<=", 100, "ms", "the same"
    ),
    "commit_to_consumer_p99_ms_at_500": Row(
        lambda bench: delays(bench, UNDER_LOAD).figure(0.99), "<=", 250, "ms", "at 500 writes/s"
    ),
    "lifecycle_rate": Row(
        lifecycle_rate, ">=", 200, "lives/s", "file, assign, answer, rate through the gateway"
    ),
    "gateway_adds_p50_ms": Row(
        gateway_adds_p50_ms, "<=", 5, "ms", "what the gateway adds at half of what gets through it"
    ),
    "accept_vs_textbook": Row(
        accept_vs_textbook,
        ">=",
        3.0,
        "times",
        "accepted, durable POST /petitions with the relay running, over textbook, 128 connections",
    ),
    "accept_vs_crud": Row(accept_vs_crud, ">=", 1.5, "times", "the same over crud"),
    "accept_p99_ms": Row(accept_p99_ms, "<=", 60, "ms", "POST at half of the highest rate"),
    "sign_up_vs_textbook": Row(
        sign_up_vs_textbook,
        ">=",
        2.5,
        "times",
        "accepted, durable sign-ups for activities over textbook, 128 connections",
        apart="volunteering",
    ),
    "sign_up_p99_ms": Row(
        sign_up_p99_ms, "<=", 60, "ms", "sign-up at half of the highest rate", apart="volunteering"
    ),
    "check_in_vs_textbook": Row(
        check_in_vs_textbook,
        ">=",
        2.5,
        "times",
        "check-ins by the code of the minute, the same",
        apart="volunteering",
    ),
    "check_in_p99_ms": Row(
        check_in_p99_ms,
        "<=",
        60,
        "ms",
        "check-in at half of the highest rate",
        apart="volunteering",
    ),
    "dispute_file_vs_textbook": Row(
        dispute_file_vs_textbook,
        ">=",
        1.0,
        "times",
        "accepted, durable disputes over textbook, 128 connections",
        apart="mediation",
    ),
    "dispute_file_p99_ms": Row(
        dispute_file_p99_ms,
        "<=",
        100,
        "ms",
        "filing a dispute at half of the highest rate",
        apart="mediation",
    ),
    "evidence_rate": Row(
        evidence_rate,
        ">=",
        20,
        "files/s",
        "evidence of 1 MB each, 8 connections, over HTTP",
        apart="mediation",
    ),
    "evidence_growth_mb": Row(
        evidence_growth_mb,
        "<=",
        60,
        "MiB",
        "by which mediation grows at most while it takes them",
        apart="mediation",
    ),
    "ledger_append_rate": Row(
        sealing.append_rate,
        ">=",
        5000,
        "entries/s",
        "sealed by one process, each with its own cause",
        apart="ledger",
    ),
    "ledger_seal_rate": Row(
        sealing.seal_rate,
        ">=",
        3000,
        "events/s",
        "that wait in Kafka, sealed by one ledger",
        apart="ledger",
    ),
    "broadcast_rate": Row(
        broadcasting.broadcast_rate,
        ">=",
        1500,
        "messages/s",
        "a broadcast to 100,000 people, stored by one notifications with its relay",
        apart="notifications",
    ),
    "single_during_broadcast_p99_ms": Row(
        broadcasting.single_during_broadcast_p99_ms,
        "<=",
        1000,
        "ms",
        "a single message meanwhile, from event published to message stored",
        apart="notifications",
    ),
    "inbox_burst_rate": Row(
        telling.inbox_burst_rate,
        ">=",
        1500,
        "messages/s",
        "100,000 put into inboxes by one notifications, each with its own cause",
        apart="notifications",
    ),
    "letter_rate": Row(
        telling.letter_rate,
        ">=",
        200,
        "letters/s",
        "claimed, handed to a provider that takes all at once, and reported, by one desk",
        apart="notifications",
    ),
    "feed_enter_rate": Row(
        feeding.enter_rate,
        ">=",
        2000,
        "events/s",
        "that wait in Kafka, entered by one process",
        apart="feed",
    ),
    "webhook_p99_ms": Row(
        calling.webhook_p99_ms,
        "<=",
        1000,
        "ms",
        "an event to its arrival at 40 endpoints, 1,000 calls/s, 5 dead and 5 slow ones beside",
        apart="webhooks",
    ),
    "webhook_rate": Row(
        calling.webhook_rate,
        ">=",
        1000,
        "calls/s",
        "a replay to the same, by one process",
        apart="webhooks",
    ),
    "webhook_growth_mb": Row(
        calling.webhook_growth_mb,
        "<=",
        60,
        "MiB",
        "by which the process grows at most meanwhile",
        apart="webhooks",
    ),
    "rss_mb_after_load": Row(rss_after_load_mb, "<=", 250, "MiB", "the largest service after load"),
    "relay_catch_up": Row(
        relay_catch_up, ">=", 5000, "commits/s", "published after the broker was away"
    ),
    "restart_to_ready_s": Row(
        restart_to_ready_s, "<=", 5, "s", "kill -9 of petitions to /readyz, 100,000 petitions"
    ),
    "page_p95_ms_100k": Row(
        page_p95_ms,
        "<=",
        150,
        "ms",
        "a page of the gateway, the slowest of six kinds, with 100,000 petitions",
    ),
    "consume_rate": Row(
        consume_rate, ">=", 3000, "events/s", "turned into stored effects by one notifications"
    ),
}
"""In the order in which a whole run measures them: what leaves much behind comes last."""

FULL: dict[str, Row] = {
    "slowdown_1m": Row(
        slowdown, ">=", 0.9, "times", "lifecycle_rate with 1,000,000 petitions, over an empty store"
    ),
    "query_p99_ms_1m": Row(
        query_p99_ms, "<=", 50, "ms", "work queue, resident's list, timeline, over HTTP"
    ),
    "duplicates_p99_ms_1m": Row(
        duplicates_p99_ms, "<=", 50, "ms", "what may be about the same as a draft, over HTTP"
    ),
    "statistics_s_1m": Row(
        statistics_s, "<=", 20, "s", "figures by category, level and month, counted anew"
    ),
    "restart_to_ready_s_1m": Row(restart_s, "<=", 5, "s", "kill -9 of petitions to /readyz"),
    "ledger_proof_p99_ms_1m": Row(
        sealing.proof_p99_ms, "<=", 20, "ms", "GET /proof with 1,000,000 entries, over HTTP"
    ),
    "ledger_restart_s_1m": Row(
        sealing.restart_s, "<=", 5, "s", "kill -9 of ledger to the first proof, 1,000,000 entries"
    ),
    "ledger_append_rate_1m": Row(
        sealing.append_rate_full, ">=", 5000, "entries/s", "sealed on top of 1,000,000"
    ),
}
"""With a full store: measured apart, because filling it takes minutes."""
