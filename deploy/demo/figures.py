"""The services' figures in the day's report, and whether they bear it out."""

from __future__ import annotations

from collections.abc import Mapping

from deploy.demo.addresses import processes
from deploy.local.figures import Figures, figures_of
from deploy.local.layout import SERVICES

HEADINGS = ("数字 figure", *SERVICES)


def figures() -> dict[str, Figures]:
    """Of every service. Raises LocalError where one does not answer."""
    return {name: figures_of(*processes(name)) for name in SERVICES}


def as_rows(all_of: Mapping[str, Figures]) -> list[list[str]]:
    """A table's rows: one per figure, one column per service."""
    each = [all_of[name] for name in SERVICES]
    rows = []
    for title, outcomes in (
        ("命令 commands", [one.commands for one in each]),
        ("收到的事件 events received", [one.handled for one in each]),
    ):
        rows += [
            [f"{title}: {outcome}", *(f"{counted[outcome]:,}" for counted in outcomes)]
            for outcome in sorted(set().union(*outcomes))
        ]
    rows += [
        ["每批提交数 commits per batch", *(f"{one.batch_size:.1f}" for one in each)],
        ["已发布事件 events published", *(f"{one.published:,.0f}" for one in each)],
        ["待发布 relay lag, events", *(f"{one.lag_events:,.0f}" for one in each)],
        ["待发布 relay lag, seconds", *(f"{one.lag_seconds:.2f}" for one in each)],
        ["待处理 consumer lag", *(f"{one.waiting:,.0f}" for one in each)],
        ["死信 dead letters", *(f"{one.dead_letters:,.0f}" for one in each)],
    ]
    return rows


def differences(
    before: Mapping[str, Figures], after: Mapping[str, Figures], commands: int, events: int
) -> list[str]:
    """Where the figures do not bear out that petitions did `commands` and published `events`."""
    found = []
    done = after["petitions"].commands["done"] - before["petitions"].commands["done"]
    published = after["petitions"].published - before["petitions"].published
    if done < commands:
        found.append(f"/metrics of petitions: {done} commands done, {commands} were acknowledged")
    if published < events:
        found.append(f"/metrics of petitions: {published:.0f} events published, of {events}")
    for name in SERVICES:
        dead = after[name].dead_letters - before[name].dead_letters
        if dead:
            found.append(f"/metrics of {name}: {dead:.0f} dead letters; `make dlq` lists them")
    return found
