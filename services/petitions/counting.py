"""What the city's dashboards show of petitions, counted from the stored states for /metrics."""

from collections import Counter

from services.petitions.domain.hot_topic import ID as CITY
from services.petitions.views import OPEN
from shared.contracts.types import LEVELS
from shared.runtime import metrics
from shared.runtime.journal import Journal
from shared.runtime.tallied import Tallied

SERVICE = "petitions"
IN_TIME, LATE, OVERDUE = "in-time", "late", "overdue"
PACES = (IN_TIME, LATE, OVERDUE)
STARS = range(1, 6)
Tally = Counter[tuple[str, ...]]


class Governance:
    """Open and overdue by level, open by category, answered in time, rated, hot."""

    def __init__(self) -> None:
        self._open = Tallied(metrics.PETITIONS_OPEN, SERVICE)
        self._about = Tallied(metrics.PETITIONS_OPEN_ABOUT, SERVICE)
        self._answered = Tallied(metrics.PETITIONS_ANSWERED, SERVICE)
        self._rated = Tallied(metrics.PETITIONS_RATED, SERVICE)
        self._hot = Tallied(metrics.HOT_TOPICS, SERVICE)

    async def __call__(self, journal: Journal) -> None:
        await self._count_open(journal)
        await self._count_judged(journal)
        hotlist = (await journal.load("hotlist", [CITY])).get(CITY)
        topics = hotlist.state.get("topics") or () if hotlist is not None else ()
        self._hot.tell({(): len(topics)})

    async def _count_open(self, journal: Journal) -> None:
        # Every level is told, at nought as well: an alert on one that was never seen would not end.
        open: Tally = Counter({(level.value, pace): 0 for level in LEVELS for pace in PACES})
        by = ["level", "figures.late", "figures.overdue"]
        for (level, late, overdue), count in await journal.tally("petition", by, OPEN):
            open[(level, OVERDUE if overdue else LATE if late else IN_TIME)] += count
        self._open.tell(open)
        about: Tally = Counter()
        for (categories,), count in await journal.tally("petition", ["categories"], OPEN):
            about[(categories[0] if categories else "",)] += count
        self._about.tell(about)

    async def _count_judged(self, journal: Journal) -> None:
        answered: Tally = Counter({("yes",): 0, ("no",): 0})
        rated: Tally = Counter({(str(stars),): 0 for stars in STARS})
        by = ["figures.in_time", "figures.stars"]
        for (in_time, stars), count in await journal.tally("petition", by):
            if in_time is not None:
                answered[("yes" if in_time else "no",)] += count
            if stars is not None:
                rated[(str(stars),)] += count
        self._answered.tell(answered)
        self._rated.tell(rated)
