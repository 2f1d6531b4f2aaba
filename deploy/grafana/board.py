"""What a dashboard is made of: rows of panels, each with queries that Prometheus answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """How a panel shows its figures."""

    LINES = "lines"
    STACKED = "stacked"
    NUMBER = "number"
    BARS = "bars"


@dataclass(frozen=True, slots=True)
class Query:
    """PromQL, and what its series are called (with labels: ``{{service}}``)."""

    expr: str
    legend: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """`unit` is one of Grafana's; `width` is of 24; `red` is from where on a figure is bad, `amber`
    from where on it deserves a look. With `low_is_bad` they count downwards.
    """

    title: str
    queries: tuple[Query, ...]
    says: str = ""
    unit: str = "short"
    form: Form = Form.LINES
    width: int = 8
    amber: float | None = None
    red: float | None = None
    low_is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Panels under a heading."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """A dashboard. With `per_service` it is of the service that is chosen: ``$service``."""

    uid: str
    title: str
    says: str
    rows: tuple[Row, ...]
    span: str = "6h"
    per_service: bool = False


def lines(title: str, *queries: Query, **more: object) -> Panel:
    """How figures went."""
    return Panel(title, queries, **more)  # type: ignore[arg-type]


def number(title: str, expr: str, **more: object) -> Panel:
    """One figure, now."""
    return Panel(title, (Query(expr),), form=Form.NUMBER, **{"width": 4, **more})  # type: ignore[arg-type]


def quantiles(metric: str, where: str, by: str = "") -> tuple[Query, ...]:
    """Half of all, and 99 of 100, are no slower than these."""
    labels = f"le, {by}" if by else "le"
    legend = f" {{{{{by}}}}}" if by else ""
    return tuple(
        Query(
            f"histogram_quantile({share}, "
            f"sum by ({labels}) (rate({metric}_bucket{{{where}}}[$__rate_interval])))",
            f"p{share * 100:.0f}{legend}",
        )
        for share in (0.5, 0.99)
    )
