"""A city of ten million: what it asks for, and what that takes.

What is assumed has its reason beside it. Rates are a second, unless a name says otherwise.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Final

from deploy.local.layout import ROOT
from services.petitions.recent import Keeping
from shared.runtime.mongo_journal import TALLY_SECONDS
from shared.runtime.topics import PARTITIONS, RETENTION_HOURS
from tests.capacity.measured import Measured
from tests.capacity.model import LIFE_REQUESTS, fitted
from tests.capacity.queueing import Writer, held, percentile

DAYS, HOUR = 365, 3600
GIB, MIB = 2**30, 2**20


@dataclass(frozen=True, slots=True)
class Assumed:
    """A number that nothing here measured, and where it is from."""

    value: float
    what: str
    why: str


_HOTLINE = (
    "[12345 of Beijing](https://bastillepost.com/global/article/"
    "4418177-beijing-service-hotline-further-improves-modern-governance) took 21.43 million in "
    "2023 from over 21 million people"
)
_FORUM = "4,326 petitions of a forum of a provincial capital, 2017 to 2020"

RESIDENTS = Assumed(10e6, "residents", "the question")
PETITIONS = Assumed(1.0, "petitions a resident and year", _HOTLINE)
HANDOVERS = Assumed(3.6, "hand-overs of a petition", "1,464 traced cases of Fuzhou, 2016 to 2020")
PICTURES = Assumed(0.6, "pictures with a petition", "a guess: two with every third or so")
PICTURE_MB = Assumed(0.5, "MB of a picture", "a phone's, made smaller by the browser")
BUSY_DAY = Assumed(7.0, "the busiest day over a day in the middle", f"32 over 4.5: {_FORUM}")
BUSY_HOUR = Assumed(0.117, "of a day in its busiest hour", f"from ten on: {_FORUM}")
HOUSEHOLD = Assumed(2.62, "people in a household", "census of 2020")
GRID = Assumed(350, "households of a grid worker", "grids are laid out for 300 to 500")
VISITS = Assumed(8, "visits a worker and working day", "a guess")
WORKING_DAYS = Assumed(250, "working days a year", "the calendar")
ACTIVE = Assumed(0.10, "of residents who volunteer", "a guess")
ACTIVITIES = Assumed(12, "activities of each a year", "one a month")
BROADCASTS = Assumed(24, "broadcasts to each resident a year", "two a month")
READ = Assumed(0.5, "of messages are opened", "a guess")
PAGES = Assumed(60, "pages a resident looks at a year", "a guess")
PAGE_MS = Assumed(8, "ms of a processor for a page, passing on included", "a guess")
SEALS = Assumed(
    2e6, "digests sealed a year", "a guess: evidence, agreements, certificates of hours"
)

ASSUMED: Final = (
    RESIDENTS,
    PETITIONS,
    HANDOVERS,
    PICTURES,
    PICTURE_MB,
    BUSY_DAY,
    BUSY_HOUR,
    HOUSEHOLD,
    GRID,
    VISITS,
    WORKING_DAYS,
    ACTIVE,
    ACTIVITIES,
    BROADCASTS,
    READ,
    PAGES,
    PAGE_MS,
    SEALS,
)

MESSAGE_BYTES = 570
"""Of a message in its store, unopened, with its commit and indexes: `tests.capacity.weighing`."""
PLACE_BYTES = 740
"""Of a place in the memory of a process; a test weighs it."""
SMALLEST_LIMIT_MIB = 768
"""Of memory, for a process, in the base of deploy/k8s."""
ZONES = 3
MACHINE_CORES, MACHINE_GIB = 16, 64
USABLE = 0.75
"""Of a machine: the rest is for Kubernetes, and for what moves there when one is away."""


@dataclass(frozen=True, slots=True)
class Work:
    """Something that is done so often a year; each is one command of a service."""

    what: str
    service: str
    yearly: float

    @property
    def daily(self) -> float:
        return self.yearly / DAYS

    @property
    def peak(self) -> float:
        """A second, in the busiest hour of the busiest day."""
        return self.daily * BUSY_DAY.value * BUSY_HOUR.value / HOUR


@dataclass(frozen=True, slots=True)
class City:
    """All of it, from what was measured."""

    seen: Measured
    writer: Writer

    # --- what is asked for -----------------------------------------------------------------------

    @property
    def petitions(self) -> float:
        return RESIDENTS.value * PETITIONS.value

    @property
    def steps(self) -> float:
        """Commands of a petition: filed, handed over, answered, rated."""
        return 3 + HANDOVERS.value

    @property
    def told(self) -> float:
        """Messages of a petition: that it came, answer, rating, end; two of each hand-over."""
        return 4 + 2 * HANDOVERS.value

    @property
    def places(self) -> float:
        """Nearly all are homes."""
        return RESIDENTS.value / HOUSEHOLD.value

    @property
    def workers(self) -> float:
        return self.places / GRID.value

    @property
    def messages(self) -> float:
        """A year."""
        return self.petitions * self.told + RESIDENTS.value * BROADCASTS.value

    def work(self) -> list[Work]:
        """Every kind of it, broadcasts apart: those come at a rate of their own."""
        visits = self.workers * VISITS.value * WORKING_DAYS.value
        places = RESIDENTS.value * ACTIVE.value * ACTIVITIES.value
        return [
            Work("petitions: steps", "petitions", self.petitions * self.steps),
            Work("messages about them", "notifications", self.petitions * self.told),
            Work("messages opened", "notifications", self.messages * READ.value),
            Work("visits: planned, recorded", "community", 2 * visits),
            Work("activities: signed up, checked in", "volunteering", 2 * places),
            Work("digests sealed", "ledger", SEALS.value),
        ]

    @property
    def pages(self) -> Work:
        return Work("pages looked at", "gateway", RESIDENTS.value * PAGES.value)

    # --- what a process takes --------------------------------------------------------------------

    @property
    def comfortable(self) -> float:
        """Commands of one process with its store on two cores, at half of the most: where latency
        was measured.
        """
        return self.seen.half_rate

    def busiest(self) -> dict[str, float]:
        """Commands a second of each service in the busiest hour."""
        peaks: dict[str, float] = {}
        for one in self.work():
            peaks[one.service] = peaks.get(one.service, 0.0) + one.peak
        return peaks

    def latency_ms(self, service: str, share: float) -> float:
        """Of a command in the busiest hour, were all of them to come to one process."""
        return percentile(held(self.writer, self.busiest()[service]), share) * 1000

    @property
    def broadcast_minutes(self) -> float:
        """Until everybody has a message: pages follow one another, whatever processes there are."""
        return RESIDENTS.value / self.seen.broadcast_rate / 60

    @property
    def events_at_most(self) -> float:
        """Events a second that a service handles with a process on every partition."""
        return PARTITIONS * self.seen.events_rate

    # --- machines --------------------------------------------------------------------------------

    def processes(self) -> Mapping[str, int]:
        """One in each zone at least; of the gateway as many as keep processors half idle."""
        peaks = self.busiest()
        services = ("community", "petitions", "volunteering", "mediation", "ledger")
        services = (*services, "notifications", "subscriptions")
        wanted = {
            name: max(ZONES, math.ceil(peaks.get(name, 0.0) / self.comfortable))
            for name in services
        }
        cores = self.pages.peak * PAGE_MS.value / 1000
        return {**wanted, "gateway": max(ZONES, math.ceil(cores / 0.5))}

    @property
    def cores(self) -> float:
        """That are asked for in overlays/city, by processes, stores and brokers."""
        processes = sum(asked(name).cores * n for name, n in self.processes().items())
        return processes + sum(one.cores * one.count for one in SERVERS)

    @property
    def memory_gib(self) -> float:
        processes = sum(asked(name).memory_gib * n for name, n in self.processes().items())
        return processes + sum(one.memory_gib * one.count for one in SERVERS)

    @property
    def machines(self) -> int:
        """A multiple of the zones."""
        by_cores = self.cores / (MACHINE_CORES * USABLE)
        by_memory = self.memory_gib / (MACHINE_GIB * USABLE)
        return ZONES * math.ceil(max(by_cores, by_memory) / ZONES)

    # --- disks -----------------------------------------------------------------------------------

    @property
    def petitions_gib(self) -> float:
        """A year, in one member of the store, without pictures: as a million lives were weighed,
        for as many commits as a city's have.
        """
        return self.seen.million_gib * self.petitions / 1e6 * self.steps / LIFE_REQUESTS

    @property
    def pictures_gib(self) -> float:
        return self.petitions * PICTURES.value * PICTURE_MB.value * 1e6 / GIB

    @property
    def messages_gib(self) -> float:
        return self.messages * MESSAGE_BYTES / GIB

    @property
    def ledger_gib(self) -> float:
        return self.seen.ledger_million_gib * SEALS.value / 1e6

    @property
    def topics_gib(self) -> float:
        """In each broker, where every broker has a copy of everything."""
        events = sum(one.daily for one in self.work()) + RESIDENTS.value * BROADCASTS.value / DAYS
        return events * RETENTION_HOURS / 24 * event_bytes() / GIB

    # --- what ends first -------------------------------------------------------------------------

    @property
    def places_mib(self) -> float:
        """In each process that keeps them."""
        return self.places * PLACE_BYTES / MIB

    @property
    def places_at_most(self) -> float:
        """Within the memory of a process in the base."""
        return (SMALLEST_LIMIT_MIB - self.seen.rss_mib) * MIB / PLACE_BYTES

    @property
    def counted_at_most(self) -> float:
        """Petitions whose figures are counted within the time that is given to counting."""
        return TALLY_SECONDS / self.seen.statistics_s * 1e6

    @property
    def counted_months(self) -> float:
        return self.counted_at_most / self.petitions * 12

    @property
    def compared_days(self) -> float:
        """Days of petitions that a new one is compared with."""
        return Keeping().most / (self.petitions / DAYS)

    @property
    def wanted_days(self) -> int:
        """That are meant to be."""
        return Keeping().time.days

    @property
    def disk_months(self) -> float:
        """Until the store of petitions has filled its disk."""
        return LARGE_DISK_GIB / (self.petitions_gib + self.pictures_gib) * 12


@dataclass(frozen=True, slots=True)
class Asked:
    """Processor and memory that something asks for in overlays/city, and how many there are."""

    cores: float
    memory_gib: float
    count: int = 1


WITHOUT_PLACES = ("ledger", "gateway")
KEEPER, OTHER = Asked(0.5, 4), Asked(0.25, 0.375)
KEEPER_LIMIT_GIB = 6
"""A process that keeps all places in memory, what it may have at most, and one that keeps none."""
LARGE_STORES = ("petitions", "notifications")
LARGE_DISK_GIB = 1024
SERVERS = (
    Asked(4, 32, 3 * len(LARGE_STORES)),
    Asked(1, 8, 3 * 6),
    Asked(1, 4, 3),
    Asked(0.25, 1, 3),
)
"""Members of large stores, of the six others, brokers, controllers."""


def asked(service: str) -> Asked:
    """By a process of a service."""
    return OTHER if service in WITHOUT_PLACES else KEEPER


def city(seen: Measured) -> City:
    """The city, with the writer that fits what was measured."""
    return City(seen, fitted(seen))


def event_bytes() -> float:
    """Of an event in Kafka, in the middle of all samples."""
    samples = (ROOT / "shared" / "contracts" / "samples").rglob("*.json")
    plain = (json.dumps(json.loads(one.read_text("utf-8")), ensure_ascii=False) for one in samples)
    return float(median(len(one.encode()) for one in plain))
