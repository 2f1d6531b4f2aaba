"""`make smoke`: the demo's day on the compose project that runs here. Needs Docker alone, no
installation: the day is played by a container of the same image.
"""

from __future__ import annotations

import sys

from deploy.compose.project import Project
from deploy.local.layout import WORK_APART, LocalError

RULES = {"JINLIN_PETITION_RULES": "/app/deploy/demo/rules.yaml"}
"""In the demo's rules an hour takes seconds."""
BY_RULES = ("petitions", WORK_APART["petitions"])
"""The containers that go by them: who takes requests, and who sees to time."""


def play_day(project: Project) -> None:
    """Plays the demo's day on what runs. Petitions has the demo's rules for it, and afterwards
    those of before again; what was filed meanwhile keeps its promises. Raises LocalError where
    nothing runs, or where not all that was told is true.
    """
    if not {one["Service"] for one in project.running()}.issuperset(BY_RULES):
        raise LocalError("the platform does not run: docker compose up -d --build --wait")
    start = ("up", "-d", "--no-deps", "--wait", *BY_RULES)
    project.run(*start, told=RULES)
    try:
        project.show("run", "--rm", "smoke")
    finally:
        project.run(*start)


def main() -> int:
    """0 where the day was played and all of it is true."""
    try:
        play_day(Project())
    except LocalError as error:
        print(f"smoke: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
