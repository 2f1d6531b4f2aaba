"""Every query of patrols is answered from an index."""

from datetime import UTC, datetime

from deploy.local.servers import MongoServer
from services.volunteering.domain.patrols.finding_state import FindingStatus
from services.volunteering.domain.patrols.shift_state import Status
from services.volunteering.views import patrols as views
from shared.runtime.journal import Query
from tests.plans import read_through

NOW = datetime(2026, 5, 3, 12, tzinfo=UTC)
QUERIES: dict[str, tuple[Query, ...]] = {
    "patrol-route": (
        views.routes_of("p"),
        views.routes_kept_by("a"),
        views.routes_of_team("t"),
    ),
    "patrol-rota": (
        views.rotas_of(["p"], NOW),
        views.rotas_with("a"),
        views.rotas_kept_by("a"),
        views.rotas_of_team("t", NOW),
    ),
    "patrol-shift": (
        views.shifts_of("p"),
        views.shifts_of("p", statuses=[Status.RUNNING], since=NOW, until=NOW),
        views.shifts_alarmed("p"),
        views.shifts_with("a", since=NOW),
        views.shifts_patrolled_by("a"),
        views.shifts_kept_by("a", until=NOW),
        views.shifts_of_team("t", NOW),
    ),
    "patrol-finding": (
        views.findings_of("p"),
        views.findings_of("p", statuses=[FindingStatus.RECORDED]),
        views.findings_in("s"),
        views.findings_by("a"),
        views.findings_kept_by("a"),
        views.findings_of_team("t"),
        views.filed_as("x"),
    ),
}


async def test_every_query_reads_an_index(mongo: MongoServer, database: str) -> None:
    asked = {
        kind: {f"{kind}: {query.where}": query for query in queries}
        for kind, queries in QUERIES.items()
    }
    assert await read_through(mongo, database, views.KINDS, asked) == []
