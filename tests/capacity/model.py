"""The queue fitted to what was measured of accepting, and held against what else was measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from shared.runtime.store import MOST_BATCHES
from tests.capacity.measured import Measured
from tests.capacity.queueing import (
    Writer,
    held,
    percentile,
    rate_of_backlog,
    rate_through,
    together,
)

CONNECTIONS = 128
LIFE_CONNECTIONS = 64
LIFE_REQUESTS = 4
LIFE_MESSAGES = 8
"""Filed: 3. Assigned: 2. Answered: 1. Rated, and closed by it: 2."""
GATEWAY_MS = 0.4
"""That the two cores are taken by the gateway for a request: 557 went through it a second where 636
to 792 were answered straight (docs/performance.md)."""
MESSAGES_SHARE = 0.67
"""Of the two cores, that a process of notifications with a backlog has, with its store and Kafka:
by the half seconds of such a run, of which all but the last were between 0.59 and 0.73.
"""
STEPS = 24
"""Of a search by halves: more than the figures have digits."""


@dataclass(frozen=True, slots=True)
class Point:
    """Something that was measured, and what the model says of it."""

    what: str
    unit: str
    measured: float
    modelled: float
    fitted: bool

    @property
    def error(self) -> float:
        """By what part of the measured the model is off."""
        return abs(self.modelled - self.measured) / self.measured


def fitted(seen: Measured) -> Writer:
    """The writer of which 128 connections get the measured rate, with the measured latencies at
    half of it.
    """
    stall = 0.0
    # Stalls move the middle a little, and the group's time the slowest: in turn, until both hold.
    for _ in range(3):
        group = _solve(partial(_at_half, seen, 0.5, stall=stall), seen.half_p50_ms, _longest(seen))
        stall = _solve(partial(_at_half, seen, 0.99, group), seen.half_p99_ms, 1.0)
    return _writer(seen, group, stall)


def _writer(seen: Measured, group: float, stall: float) -> Writer:
    """Of this group's time, the one that is as fast as was measured."""
    return Writer(group, (_longest(seen) - group) / MOST_BATCHES / together(CONNECTIONS), stall)


def _longest(seen: Measured) -> float:
    """Seconds that a group took while 128 connections were kept busy."""
    return MOST_BATCHES * together(CONNECTIONS) / seen.accept_rate


def _at_half(seen: Measured, share: float, group: float, stall: float) -> float:
    """A latency in milliseconds at half of the highest rate."""
    return percentile(held(_writer(seen, group, stall), seen.half_rate), share) * 1000


def points(seen: Measured, writer: Writer) -> list[Point]:
    """What the model was fitted to, then what it foretells."""
    at_half = held(writer, seen.half_rate)
    messages = rate_of_backlog(writer)
    alone = rate_through(writer, LIFE_CONNECTIONS)
    # Requests and the messages that follow from them share the machine.
    a_request = 1 / alone + LIFE_MESSAGES / LIFE_REQUESTS * MESSAGES_SHARE / messages
    return [
        Point(
            "accepted through 128 connections",
            "/s",
            seen.accept_rate,
            rate_through(writer, CONNECTIONS),
            True,
        ),
        Point(
            "the middle latency at half of it",
            "ms",
            seen.half_p50_ms,
            percentile(at_half, 0.5) * 1000,
            True,
        ),
        Point(
            "the 99th percentile there",
            "ms",
            seen.half_p99_ms,
            percentile(at_half, 0.99) * 1000,
            True,
        ),
        Point(
            "messages stored by one process with a backlog",
            "/s",
            seen.messages_rate,
            messages,
            False,
        ),
        Point(
            "lives of petitions, straight, through 64 connections",
            "/s",
            seen.lives_straight,
            1 / a_request / LIFE_REQUESTS,
            False,
        ),
        Point(
            "the same through the gateway",
            "/s",
            seen.lives_rate,
            1 / (a_request + GATEWAY_MS / 1000) / LIFE_REQUESTS,
            False,
        ),
    ]


def _solve(of: Callable[[float], float], wanted: float, most: float) -> float:
    """Where a rising function has a value, between 0 and `most`."""
    low, high = 0.0, most
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if of(middle) < wanted else (low, middle)
    return (low + high) / 2
