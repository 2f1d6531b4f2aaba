"""Times at which a resident is there."""

from datetime import datetime, timedelta

from shared.worktime.hours import CHINA


def window(days: int = 3) -> dict[str, str]:
    """From nine to one in so many days, as a request says it."""
    begin = datetime.now(CHINA).replace(hour=9, minute=0, second=0, microsecond=0)
    begin += timedelta(days=days)
    return {"begin": begin.isoformat(), "end": (begin + timedelta(hours=4)).isoformat()}
