"""``python -m tests.services.volunteering.year``: a year at its full size, and how long it took.
Ends with an error where something did not hold.
"""

import os
import resource
import time

from deploy.local.stack import SECRETS
from tests.services.volunteering.year.living import live
from tests.services.volunteering.year.town import FULL


def main() -> None:
    """Lives it, and tells what it was."""
    for name, value in SECRETS.items():
        os.environ.setdefault(name, value)
    began = time.process_time()
    for what, count in live(FULL).items():
        print(f"{what}: {count}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{time.process_time() - began:.0f} s of one core, {memory:.1f} GiB")


if __name__ == "__main__":
    main()
