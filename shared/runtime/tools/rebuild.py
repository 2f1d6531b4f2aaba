"""Folds all commits into fresh states and proves that the stored ones are equal:
``python -m shared.runtime.tools.rebuild --service petitions``.

With ``--repair``, a state that differs is replaced by what its commits say; stop the service first.
Exit code 1 where something differs (and was not repaired), 2 for wrong settings, 3 where the store
cannot be reached.
"""

import sys

from shared.runtime.journal import Journal
from shared.runtime.rebuild import Progress, differences, repair
from shared.runtime.service import Service
from shared.runtime.settings import Settings
from shared.runtime.tools.service_at_hand import parser, run


def main() -> int:
    """Compares, prints what differs and how much was compared."""
    arguments = parser("Fold all commits and compare with the stored states.")
    arguments.add_argument("--repair", action="store_true", help="write what the commits say")
    given = arguments.parse_args()

    async def compare(service: Service, journal: Journal, settings: Settings) -> int:
        progress = Progress()
        left = 0
        async for difference in differences(journal, service.aggregates, progress):
            print(f"{difference.stream}: differs in {', '.join(difference.fields)}")
            if given.repair:
                await repair(journal, service.aggregates, difference.stream)
                print(f"{difference.stream}: repaired")
            else:
                left += 1
        print(
            f"{service.name}: {progress.commits} commits of {progress.streams} streams folded, "
            + (f"{left} states differ" if left else "every state is what its commits say")
        )
        return 1 if left else 0

    return run(given.service, compare)


if __name__ == "__main__":
    sys.exit(main())
