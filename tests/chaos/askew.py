"""petitions on a host whose clock jumps: as wrong as the file says that CLOCK_FILE names, in
seconds.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path

from services.petitions.main import service
from shared.runtime.clock import SystemClock

CLOCK_FILE = "CHAOS_CLOCK_FILE"

right_now = SystemClock.now


def wrong_now(clock: SystemClock) -> datetime:
    """The time as such a host has it."""
    wrong_by = float(Path(os.environ[CLOCK_FILE]).read_text() or 0)
    return right_now(clock) + timedelta(seconds=wrong_by)


if __name__ == "__main__":
    SystemClock.now = wrong_now  # type: ignore[method-assign]
    service.run()
