"""docs/capacity.md, from the city."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from deploy.local.layout import ROOT
from services.petitions.recent import Keeping
from shared.runtime.mongo_journal import TALLY_SECONDS
from shared.runtime.topics import PARTITIONS
from tests.capacity import city as plan
from tests.capacity.city import City
from tests.capacity.model import points

PAGE = ROOT / "docs" / "capacity.md"
TEMPLATE = Path(__file__).with_name("page.md.j2")
TOLERANCE = 0.15
"""Of what is foretold: rounds of one run differ by more."""


def text(city: City) -> str:
    """The page."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATE.parent),
        undefined=StrictUndefined,
        trim_blocks=False,
        keep_trailing_newline=True,
    )
    template = environment.get_template(TEMPLATE.name)
    return template.render(
        city=city,
        points=points(city.seen, city.writer),
        tolerance=TOLERANCE,
        assumed=plan.ASSUMED,
        asked=plan.asked,
        machine_cores=plan.MACHINE_CORES,
        machine_gib=plan.MACHINE_GIB,
        usable=plan.USABLE,
        zones=plan.ZONES,
        large=plan.LARGE_STORES,
        large_disk=plan.LARGE_DISK_GIB,
        page_ms=plan.PAGE_MS.value,
        broadcasts=plan.RESIDENTS.value * plan.BROADCASTS.value,
        message_bytes=plan.MESSAGE_BYTES,
        event_bytes=plan.event_bytes(),
        tally_s=TALLY_SECONDS,
        partitions=PARTITIONS,
        keeper_limit=plan.KEEPER_LIMIT_GIB,
        limit_mib=plan.SMALLEST_LIMIT_MIB,
        compared=Keeping().most,
        broadcast_rate=city.seen.broadcast_rate,
        ledger_rate=city.seen.ledger_rate,
        accept_rate=city.seen.accept_rate,
        n=shown,
        f=fixed,
        percent=percent,
    )


def shown(value: float) -> str:
    """With as many digits as mean something."""
    if value >= 1e6:
        return f"{value / 1e6:.3g} million"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def fixed(value: float, digits: int = 1) -> str:
    """With so many digits behind the point."""
    return f"{value:.{digits}f}"


def percent(share: float) -> str:
    """Whole ones."""
    return f"{share:.0%}"
