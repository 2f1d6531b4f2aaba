"""Publishes a service's events again from its commits:
``python -m shared.runtime.tools.replay --service petitions --from 2026-01-01``.

Subscribers that have had them do nothing. ``--from`` is a date (Asia/Shanghai) or an RFC 3339 time;
left empty, everything is published. Exit code 2 for a wrong setting or time, 3 where the store or
the broker cannot be reached.
"""

import sys
from datetime import UTC, datetime, timedelta, timezone

from shared.runtime.clock import SystemClock
from shared.runtime.journal import Journal
from shared.runtime.kafka_bus import KafkaBus
from shared.runtime.publishing import republish
from shared.runtime.service import Service
from shared.runtime.settings import Settings
from shared.runtime.tools.service_at_hand import parser, run

CITY = timezone(timedelta(hours=8), "Asia/Shanghai")


def moment(text: str) -> datetime | None:
    """The time meant; None for an empty text. Raises ValueError."""
    if not text:
        return None
    given = datetime.fromisoformat(text)
    return (given if given.tzinfo else given.replace(tzinfo=CITY)).astimezone(UTC)


def main() -> int:
    """Republishes and prints how many events."""
    arguments = parser("Publish events again from the commits.")
    arguments.add_argument("--from", dest="since", default="", metavar="TIME")
    given = arguments.parse_args()
    try:
        since = moment(given.since)
    except ValueError:
        print(
            f"--from {given.since!r}: expected a date such as 2026-01-31 or an RFC 3339 time",
            file=sys.stderr,
        )
        return 2

    async def publish(service: Service, journal: Journal, settings: Settings) -> int:
        bus = KafkaBus(settings.kafka_bootstrap, f"jinlin-{service.name}-replay", SystemClock())
        await bus.start()
        try:
            count = await republish(service.name, journal, bus, since)
        finally:
            await bus.stop()
        print(f"{service.name}: {count} events published again")
        return 0

    return run(given.service, publish)


if __name__ == "__main__":
    sys.exit(main())
