"""Who may do what, as a document: ``python -m tests.architecture.access_matrix`` writes it."""

from itertools import groupby
from pathlib import Path

from services.community.main import service as community
from services.gateway.main import service as gateway
from services.ledger.main import service as ledger
from services.mediation.main import service as mediation
from services.notifications.main import service as notifications
from services.petitions.main import service as petitions
from services.subscriptions.main import service as subscriptions
from services.volunteering.main import service as volunteering
from shared.runtime.service import Access, Service, access_matrix

ALL: tuple[Service, ...] = (
    community,
    petitions,
    volunteering,
    mediation,
    ledger,
    notifications,
    subscriptions,
    gateway,
)
FILE = Path(__file__).parents[2] / "docs" / "access-matrix.md"

HEAD = """\
# Who may do what

Made from the tables in each service's `api`, which are what the services enforce; a test
compares. To make it again: `python -m tests.architecture.access_matrix`.

*see* is who may know that a thing exists: to everybody else it does not (404). *see dossier* is
who is shown the personal part. *The petitioner* and the like are the person in that field of the
thing. Where a query's answer is narrower than who may ask, that stands behind a semicolon.
"""


def as_markdown(rows: list[Access]) -> str:
    """The document."""
    parts = [HEAD]
    for service, its in groupby(rows, key=lambda row: row.service):
        parts += [
            f"\n## {service}\n",
            "| verb | request | who may |",
            "|---|---|---|",
            *(f"| {row.verb} | `{row.method} {row.path}` | {said(row)} |" for row in its),
        ]
    return "\n".join(parts) + "\n"


def said(row: Access) -> str:
    """Who may, and of what."""
    return f"{row.may}; {row.note}" if row.note else row.may


def main() -> None:
    """Writes docs/access-matrix.md."""
    FILE.write_text(as_markdown(access_matrix(ALL)), encoding="utf-8")
    print(f"wrote {FILE.name}")


if __name__ == "__main__":
    main()
