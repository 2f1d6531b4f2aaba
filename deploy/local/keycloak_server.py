"""Keycloak on this machine: a real OpenID provider for the gateway, installed when it is asked for.

The distribution comes from Maven Central and is checked against a digest that is written down here.
Its realm is `keycloak/realm.json`, moved to the addresses of this run; what it stores lies beside
the other servers' data.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import zipfile
from pathlib import Path
from typing import Self

from deploy.local.install import find_java
from deploy.local.layout import BUILD, ROOT, LocalError
from deploy.local.processes import Process, answers, free_port, need_free_port

VERSION = "26.7.3"
ARTIFACT = f"org.keycloak:keycloak-quarkus-dist:{VERSION}:zip"
SHA256 = "27a6535553c3cdcd083872ba40629efafb3475e3b758e0c6f691395561dd0f1f"
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"
DISTRIBUTION = BUILD / "keycloak" / f"keycloak-{VERSION}"
REALM_FILE = ROOT / "deploy" / "local" / "keycloak" / "realm.json"
REALM = "jinlin"
PUBLIC_URL = "http://localhost:8080"
"""The gateway's address in the realm's file."""
ADMINISTRATOR = "admin"
PASSWORD = "jinlin-local-only"
"""Of everybody in the realm, and of Keycloak's administrator."""
FETCHED_WITHIN = 300.0
"""Seconds that Maven has, which waits long for a repository that does not answer."""
READY_WITHIN = 420.0
"""Seconds. The first start builds what later ones find: a minute, on a machine that is not busy."""
MEMORY = (
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Xms64m",
    "-Xmx256m",
    "-XX:MetaspaceSize=96m",
    "-XX:MaxMetaspaceSize=256m",
    "-XX:+ExitOnOutOfMemoryError",
)


def install() -> None:
    """Puts the distribution into build/keycloak, unless it is there. Raises LocalError with the
    reason where it cannot be had.
    """
    if find_java() is None:
        raise LocalError("Keycloak needs Java 17, which this machine lacks")
    if _installed():
        return
    if shutil.which("mvn") is None:
        raise LocalError("Keycloak is fetched with Maven, which this machine lacks")
    print(f"install: fetching Keycloak {VERSION} with Maven (170 MB)", flush=True)
    into = DISTRIBUTION.parent
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    _fetch(into)
    (archive,) = into.glob("*.zip")
    with archive.open("rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
    if found != SHA256:
        archive.unlink()
        raise LocalError(f"Keycloak {VERSION} is not what it was: its SHA-256 is {found}")
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(into)
    archive.unlink()
    _stamp().write_text(SHA256)


def _fetch(into: Path) -> None:
    """Whether a repository is reached, and by which mirror, only Maven itself knows."""
    command = ["mvn", "-q", "-B", "-ntp", "-Dstyle.color=never", COPY]
    command += [f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={into}"]
    try:
        done = subprocess.run(
            command, cwd=into, check=False, capture_output=True, text=True, timeout=FETCHED_WITHIN
        )
    except subprocess.TimeoutExpired:
        raise LocalError(f"Maven did not fetch Keycloak in {FETCHED_WITHIN:.0f} s") from None
    if done.returncode != 0:
        said = (done.stdout + done.stderr).strip()
        why = said.splitlines()[0] if said else f"it ended with {done.returncode}"
        raise LocalError(f"Maven did not fetch Keycloak: {why}")


def _installed() -> bool:
    stamp = _stamp()
    return stamp.exists() and stamp.read_text() == SHA256


def _stamp() -> Path:
    return DISTRIBUTION.parent / ".installed"


class KeycloakServer(Process):
    """A Keycloak in development mode, with the realm's people and clients.

    It is known as ``localhost``: cookies and issuer go by that very name.
    """

    def __init__(
        self,
        directory: Path,
        port: int | None = None,
        *,
        public_url: str = PUBLIC_URL,
        log: Path | None = None,
        variable: str | None = None,
    ) -> None:
        """Prepare a server whose data lie in `directory`; `start` starts it.

        port: a free one when left out. public_url: the gateway's address, to which people are sent
        back. variable: named in the message of a taken port. Raises LocalError where Keycloak is
        not installed.
        """
        java = find_java()
        if java is None or not _installed():
            raise LocalError("there is no Keycloak here: `make idp` installs it")
        self.directory = directory
        self.port = port or free_port()
        self._public_url = public_url
        self._variable = variable
        command: list[str | Path] = ["/bin/sh", directory / "bin" / "kc.sh", "start-dev"]
        command += ["--http-host=127.0.0.1", f"--http-port={self.port}"]
        command += [f"--hostname={self.url}", "--import-realm"]
        environment = {
            "JAVA": str(java),
            "JAVA_OPTS": " ".join(MEMORY),
            "KC_BOOTSTRAP_ADMIN_USERNAME": ADMINISTRATOR,
            "KC_BOOTSTRAP_ADMIN_PASSWORD": PASSWORD,
        }
        super().__init__(
            "keycloak", command, log=log or directory / "keycloak.log", env=environment
        )

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://localhost:{self.port}"

    @property
    def issuer(self) -> str:
        """What the services' JINLIN_OIDC_ISSUER has to be."""
        return f"{self.url}/realms/{REALM}"

    def start(self) -> Self:
        """Start and wait until people can sign in.

        Raises LocalError when the port is taken, StartFailed when the server ends or stalls.
        """
        if not self.running:
            need_free_port(self.port, self.name, self._variable)
        self._lay_out()
        super().start()
        ready = f"{self.issuer}/.well-known/openid-configuration"
        self.wait(lambda: answers(ready), timeout=READY_WITHIN)
        return self

    def _lay_out(self) -> None:
        """A home of its own that shares the distribution's files, with the realm of this run."""
        for shared in ("lib", "conf", "providers", "themes"):
            link = self.directory / shared
            if not link.is_symlink():
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(DISTRIBUTION / shared)
        # The script finds its home by where it really lies.
        script = self.directory / "bin" / "kc.sh"
        script.parent.mkdir(exist_ok=True)
        shutil.copyfile(DISTRIBUTION / "bin" / "kc.sh", script)
        realm = REALM_FILE.read_text(encoding="utf-8").replace(PUBLIC_URL, self._public_url)
        imported = self.directory / "data" / "import" / "realm.json"
        if not imported.exists() or imported.read_text(encoding="utf-8") != realm:
            # A realm that is there is not imported again.
            shutil.rmtree(self.directory / "data", ignore_errors=True)
            imported.parent.mkdir(parents=True)
            imported.write_text(realm, encoding="utf-8")

    def _signal(self, number: signal.Signals) -> None:
        """Its script may be waiting for the server itself: both are told."""
        if self.running:
            os.killpg(self.pid, number)
