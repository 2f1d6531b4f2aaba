"""Counted figures for /metrics: how many there are of each combination of some words."""

from collections.abc import Awaitable, Callable, Mapping

from prometheus_client import Gauge

from shared.runtime.journal import Journal

Count = Callable[[Journal], Awaitable[None]]
"""Counts what a service keeps and tells it; raises what the journal raises."""


class Tallied:
    """A gauge of which every count tells all there is: what was told before and is found no more is
    nought, for a figure that stands still looks like the truth.
    """

    def __init__(self, gauge: Gauge, *labels: str) -> None:
        """`labels` are the gauge's first ones, the same at every count."""
        self._gauge = gauge
        self._labels = labels
        self._told: frozenset[tuple[str, ...]] = frozenset()

    def tell(self, found: Mapping[tuple[str, ...], float]) -> None:
        """Sets the figures by the values of the gauge's other labels."""
        for gone in self._told - found.keys():
            self._gauge.labels(*self._labels, *gone).set(0)
        for values, count in found.items():
            self._gauge.labels(*self._labels, *values).set(count)
        self._told |= found.keys()
