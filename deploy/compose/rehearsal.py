"""`make compose-test`: the compose file, really run, in a project of its own.

It is brought up, the demo's day is played on it, every container is killed and started again, all
is taken down and brought up once more; what was acknowledged must still be there. Profiles are
added by `--profile`; what they add is left out, and named, where there is no image of it. Needs
Docker with its compose plugin, and the images of all else that the compose file names.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from deploy.compose.project import Project
from deploy.compose.smoke import play_day
from deploy.compose.stores import members
from deploy.local.layout import ROOT, SERVICES, LocalError
from deploy.local.processes import free_port

NAME = "jinlin-rehearsal"
UP_WITHIN = 600
"""Seconds for everything to be healthy, on a machine that has little to spare."""
HEALTHY_WITHIN = 240.0
"""Seconds for everything to be healthy again after one container was killed."""
HELD = "has active endpoints"
"""What Docker says of a network that it does not let go of."""
POLL = 1.0
RESIDENT, HOME = "demo-r-lin", "359901-wx-th-e1-b1-101"
"""Somebody of the demo's community, who has played the day before."""
COMPLAINT = {
    "kind": "complaint",
    "title": "路灯不亮",
    "text": "楼前的路灯三天不亮了，晚上老人下楼看不清台阶，请尽快来修。",
    "place": "359901-wx-th-e1-b1",
    "category": "utilities",
}
ONE_STOP = "stores"
"""The container that ends when its work is done."""
PROFILES = ("full", "idp", "backup", "replicated")
BACKUP = "backup"
"""The container that backs up by itself."""
WHOLE_BACKUPS = """
from pathlib import Path
from deploy.backup.manifest import FILE, load, verify
for file in sorted(Path("/var/lib/jinlin").glob(f"*/{FILE}")):
    verify(file.parent, load(file.parent))
    print(file.parent.name)
"""
LOOKING_AROUND = """
import os, socket, sys
print("uid", os.getuid())
try:
    open("/app/written", "w").close()
    print("wrote")
except OSError:
    pass
for host in sys.argv[1:]:
    try:
        socket.create_connection((host, 27017), 3).close()
        print("reached", host)
    except OSError:
        pass
"""

Say = Callable[[str], None]


class Rehearsal:
    """One rehearsal. `filed` are the petitions that the gateway acknowledged."""

    def __init__(
        self, project: Project, gateway: str, issuer: str, say: Say, members: int = 1
    ) -> None:
        """`members` is of how many each store is."""
        self._project = project
        self._members = members
        self._issuer = issuer
        self._say = say
        self._http = httpx.Client(base_url=gateway, trust_env=False, timeout=30)
        self.filed: list[str] = []

    def play(self) -> None:
        """All of it, in order. Raises LocalError at the first thing that is not as it must be."""
        self._step("secrets", lambda: self._project.run("run", "--rm", "--build", "prepare"))
        self._step("up", self.up)
        self._step("nothing is open that need not be", self.shut)
        self._step("the demo's day", lambda: play_day(self._project))
        self._step("a petition through the gateway", self.file)
        names = sorted(one["Service"] for one in self._project.running())
        if BACKUP in names:
            self._step("a backup is made and whole", self.backed_up)
        for name in names:
            self._step(f"{name} is killed and comes back", partial(self.kill, name))
        now = datetime.now(UTC)
        before = self.inventory(now)
        self._step("down", lambda: take_down(self._project, self._say))
        self._step("up again", self.up)
        self._step("what was acknowledged is there", lambda: self.same(before, now))
        self._step("a petition through the gateway", self.file)

    def up(self) -> None:
        """Brings everything up and waits until it is healthy."""
        self._project.run("up", "-d", "--wait", "--wait-timeout", str(UP_WITHIN))
        self._healthy()

    def shut(self) -> None:
        """Only the gateway is open to the world, and a service reaches no store but its own."""
        for one in self._project.running():
            published = {port["URL"] for port in one["Publishers"] or () if port["PublishedPort"]}
            if one["Service"] != "gateway" and not published <= {"127.0.0.1"}:
                raise LocalError(f"{one['Service']} is open to the world: {sorted(published)}")
        stores = [host for service in SERVICES for host in self._store(service)]
        for service in SERVICES:
            seen = self._project.python(service, LOOKING_AROUND, *stores)
            found = {line.partition(" ")[2] for line in seen if line.startswith("reached")}
            if found != set(self._store(service)):
                raise LocalError(f"{service} reaches the stores {sorted(found)}")
            if "uid 0" in seen or "wrote" in seen:
                raise LocalError(f"{service} runs as root, or writes where it must not: {seen}")

    def _store(self, service: str) -> list[str]:
        """The members of a store, by name."""
        return [one.partition(":")[0] for one in members(service, self._members)]

    def file(self) -> None:
        """A resident files a petition through the gateway, and finds it, with all before it."""
        key = f"rehearsal/{uuid.uuid4()}"
        answer = self._ask("POST", "/api/petitions/petitions", key, json=COMPLAINT)
        self.filed.append(str(answer["id"]))
        self._all_there()

    def backed_up(self) -> None:
        """The first backup is made by itself, and every file of it is what was written."""
        limit = time.monotonic() + HEALTHY_WITHIN
        while not self._project.python(BACKUP, WHOLE_BACKUPS):
            if time.monotonic() > limit:
                raise LocalError(f"no backup within {HEALTHY_WITHIN:.0f} s")
            time.sleep(POLL)

    def kill(self, name: str) -> None:
        """Kills a container; started again, everything must become healthy and work."""
        self._project.run("kill", name)
        if any(one["Service"] == name for one in self._project.running()):
            raise LocalError(f"{name} was killed and runs")
        self._project.run("up", "-d", "--no-deps", "--wait", name)
        self._healthy()
        self.file()

    def inventory(self, until: datetime) -> Any:
        """What the stores hold of commits up to then."""
        module = ("python", "-m", "deploy.compose.inventory", until.isoformat())
        told = self._project.run("run", "--rm", "-T", "smoke", *module)
        return json.loads(told.splitlines()[-1])

    def same(self, before: Any, until: datetime) -> None:
        """The commits up to then are those of before, and every petition is found."""
        if (after := self.inventory(until)) != before:
            raise LocalError(f"the stores held {before}\nand hold {after}")
        self._all_there()
        count = sum(number for number, _ in before.values())
        self._say(f"{count} commits in {len(before)} stores, {len(self.filed)} petitions found")

    def _all_there(self) -> None:
        for id in self.filed:
            self._ask("GET", f"/api/petitions/petitions/{id}")

    def _ask(self, method: str, path: str, key: str | None = None, **request: Any) -> Any:
        """What the gateway answers a resident; it is asked again while a service comes back."""
        limit = time.monotonic() + HEALTHY_WITHIN
        while True:
            answer = self._http.request(method, path, headers=self._headers(key), **request)
            if answer.is_success:
                return answer.json()
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE or time.monotonic() > limit:
                raise LocalError(f"{method} {path}: {answer.status_code} {answer.text}")
            time.sleep(POLL)

    def _headers(self, key: str | None) -> dict[str, str]:
        form = {"sub": RESIDENT, "roles": "resident", "places": HOME}
        token = httpx.post(f"{self._issuer}/token", data=form, trust_env=False).raise_for_status()
        given = {"Authorization": f"Bearer {token.json()['access_token']}"}
        return given if key is None else {**given, "Idempotency-Key": key}

    def _healthy(self) -> None:
        limit = time.monotonic() + HEALTHY_WITHIN
        while ailing := self._ailing():
            if time.monotonic() > limit:
                raise LocalError(f"not healthy within {HEALTHY_WITHIN:.0f} s: {', '.join(ailing)}")
            time.sleep(POLL)

    def _ailing(self) -> list[str]:
        return [
            f"{one['Service']} {one['State']} {one['Health']}".strip()
            for one in self._project.containers()
            if one["Health"] != "healthy" and one["Service"] != ONE_STOP
        ]

    def _step(self, what: str, do: Callable[[], object]) -> None:
        begun = time.monotonic()
        do()
        self._say(f"{what}: {time.monotonic() - begun:.0f} s")


def take_down(project: Project, say: Say, *options: str) -> None:
    """`down`. Where Docker holds on to a network whose containers are gone, that is told: it has
    miscounted, and knows better only when it is started anew. Raises LocalError for all else.
    """
    try:
        project.run("down", *options)
    except LocalError as error:
        if HELD not in str(error) or project.containers():
            raise
        say("Docker holds on to a network that nothing is in any more")


def without_image(project: Project) -> list[str]:
    """What only profiles add and of whose image there is none to be had."""
    always = project.services(told={"COMPOSE_PROFILES": ""})
    ours = {one["image"] for one in always.values() if "build" in one}
    return [
        name
        for name, one in project.services().items()
        if name not in always and one["image"] not in ours and not project.has_image(name)
    ]


def leaving_out(project: Project, names: Sequence[str], scratch: Path) -> Project:
    """The project without these containers."""
    if not names:
        return project
    file = scratch / "left-out.yml"
    lines = [f"  {name}: {{profiles: !override [left-out]}}" for name in names]
    file.write_text("\n".join(("services:", *lines, "")))
    return project.changed_by(file)


def main(arguments: Sequence[str] | None = None) -> int:
    """Rehearses; 0 where everything was as it must be. Nothing is left of it."""
    parser = argparse.ArgumentParser(prog="python -m deploy.compose.rehearsal")
    parser.add_argument("--profile", action="append", choices=PROFILES, default=[])
    profiles = parser.parse_args(arguments).profile
    # Whoever ends the rehearsal ends what it started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    gateway, issuer = free_port(), free_port()
    settings = {
        "COMPOSE_PROFILES": ",".join(profiles),
        "JINLIN_GATEWAY_PORT": str(gateway),
        "JINLIN_ISSUER_PORT": str(issuer),
        "JINLIN_PUBLIC_URL": f"http://localhost:{gateway}",
    }
    files = [ROOT / "deploy" / "compose" / "replicated.env"] if "replicated" in profiles else []
    with tempfile.TemporaryDirectory() as scratch:
        project = Project.apart(NAME, Path(scratch), settings, *files)
        addresses = (f"http://127.0.0.1:{gateway}", f"http://127.0.0.1:{issuer}")
        say = partial(print, flush=True)
        try:
            if missing := without_image(project):
                say(f"left out, there is no image of it: {', '.join(missing)}")
            project = leaving_out(project, missing, Path(scratch))
            count = int(project.services()["stores"]["environment"]["JINLIN_STORE_MEMBERS"])
            Rehearsal(project, *addresses, say, count).play()
        except LocalError as error:
            project.show("ps", "--all")
            project.show("logs", "--no-color", "--tail", "40")
            print(f"compose-test: {error}", file=sys.stderr)
            return 1
        finally:
            take_down(project, say, "--volumes", "--remove-orphans")
    left = f", but for {', '.join(missing)}, which did not run" if missing else ""
    print(f"the compose file does what it says{left}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
