"""`make install`: everything a local run needs, put into the checkout; quick when it is there.

Into .venv the packages of requirements.lock, into build/ a mongod (where none is on the PATH), the
jars of Kafka, the scripts of pages and, on Debian, Prometheus and Alertmanager. Java 17, Maven and
Debian's venv package belong to the machine: as root they are installed with apt, otherwise the
exact command is printed and the installation stops.

Standard library only, and readable by Python 3.10: this runs before anything is installed, and
Ubuntu 22.04's own python3 is 3.10.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from deploy.local.layout import (
    ALERTMANAGER_FILES,
    BUILD,
    KAFKA_FILES,
    KAFKA_LIBS,
    MONGO_WHEEL,
    PROMETHEUS_FILES,
    PYTHON,
    ROOT,
    VENV,
    WEB_FILES,
    LocalError,
)

OLDEST_PYTHON = (3, 11)
OLDEST_JAVA = 17
LOCK = ROOT / "requirements.lock"
MONGOD_LOCK = ROOT / "deploy" / "local" / "mongod.lock"
WEB_LOCK = ROOT / "deploy" / "local" / "web.lock"
MONGOD_LIBRARIES = {
    "libcurl.so.4": "libcurl4",
    "libssl.so.3": "libssl3",
    "libcrypto.so.3": "libssl3",
    "liblzma.so.5": "liblzma5",
}
"""Shared libraries the mongod of the wheel asks for, and the Debian packages that hold them."""


def main() -> None:
    """Install what is missing. Exits 1 with what to do when something only a person can do."""
    try:
        with _alone():
            need_system_packages(missing_system_packages())
            _install_browser()
            _install_packages()
            _install_mongod()
            _install_kafka()
            _install_web()
            _install_watching()
    except LocalError as error:
        sys.exit(f"install: {error}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"install: {' '.join(map(str, error.cmd))}\n  ended with {error.returncode}")


# --- what the machine must have --------------------------------------------------------------


def find_python() -> Path | None:
    """An interpreter of at least OLDEST_PYTHON: the running one, else the newest on the PATH."""
    if sys.version_info >= OLDEST_PYTHON:
        return Path(sys.executable)
    for minor in range(14, OLDEST_PYTHON[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            return Path(found)
    return None


def find_java() -> Path | None:
    """A `java` of at least OLDEST_JAVA: of JAVA_HOME, on the PATH, or where Debian keeps them."""
    candidates = []
    if home := os.environ.get("JAVA_HOME"):
        candidates.append(Path(home) / "bin" / "java")
    if found := shutil.which("java"):
        candidates.append(Path(found))
    candidates += sorted(Path("/usr/lib/jvm").glob("*/bin/java"), reverse=True)
    return next((java for java in candidates if _java_version(java) >= OLDEST_JAVA), None)


def find_mongod() -> Path | None:
    """The `mongod` to run: the machine's own where there is one, else the wheel's."""
    if found := shutil.which("mongod"):
        return Path(found)
    wheel = MONGO_WHEEL / "fiftyone" / "db" / "bin" / "mongod"
    return wheel if wheel.exists() else None


def find_prometheus(program: str = "prometheus") -> Path | None:
    """`prometheus` or `promtool`: the machine's own where there is one, else the checkout's."""
    if found := shutil.which(program):
        return Path(found)
    unpacked = PROMETHEUS_FILES / "usr" / "bin" / program
    return unpacked if unpacked.exists() else None


def find_alertmanager() -> Path | None:
    """Alertmanager: the machine's own where there is one, else the checkout's. Debian calls the
    program as its package.
    """
    for program in ("alertmanager", "prometheus-alertmanager"):
        if found := shutil.which(program):
            return Path(found)
    unpacked = ALERTMANAGER_FILES / "usr" / "bin" / "prometheus-alertmanager"
    return unpacked if unpacked.exists() else None


def missing_system_packages() -> list[str]:
    """The Debian packages that have to be installed before the rest can be."""
    missing = []
    python = find_python()
    if python is None:
        missing += ["python3.11", "python3.11-venv"]
    elif not PYTHON.exists() and not _succeeds([python, "-c", "import ensurepip, venv"]):
        missing.append(_output([python, "-c", _VENV_PACKAGE]).strip())
    if find_java() is None:
        missing.append("openjdk-17-jre-headless")
    if shutil.which("mvn") is None and not _fresh(KAFKA_LIBS, _digest(KAFKA_FILES / "pom.xml")):
        missing.append("maven")
    return missing


_VENV_PACKAGE = "import sys; print('python%d.%d-venv' % sys.version_info[:2])"


def need_system_packages(packages: Sequence[str]) -> None:
    """Install Debian packages as root; otherwise raise LocalError with the command to run."""
    if not packages:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if os.geteuid() != 0:
        raise LocalError(
            f"the machine lacks {', '.join(packages)}. Run this once, then again:\n"
            f"  sudo apt-get update && sudo {' '.join(command)}"
        )
    if shutil.which("apt-get") is None:
        raise LocalError(
            f"the machine lacks {', '.join(packages)} and has no apt-get: install by its own means "
            f"Python >= 3.11 with venv, Java >= {OLDEST_JAVA} and Maven"
        )
    _say(f"apt-get install {' '.join(packages)}")
    # Slim images leave out the manual pages' directory, and Java's package stumbles over that.
    Path("/usr/share/man/man1").mkdir(parents=True, exist_ok=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["apt-get", "update", "-qq"], [*command, "-qq"]):
        # dpkg tells hundreds of lines about what went well; what went wrong is on stderr.
        subprocess.run(words, check=True, env=quiet, stdout=subprocess.DEVNULL)


def _install_browser() -> None:
    """Chromium, for tests of pages: as root on Debian. Elsewhere these tests are skipped."""
    if shutil.which("chromium") or os.geteuid() != 0 or not _is_debian():
        return
    try:
        need_system_packages(["chromium"])
    except (LocalError, subprocess.CalledProcessError):
        _say("chromium could not be installed: tests of pages will be skipped")


def _is_debian() -> bool:
    told = Path("/etc/os-release")
    return told.exists() and "ID=debian" in told.read_text().splitlines()


# --- what goes into the checkout -------------------------------------------------------------


def _install_packages() -> None:
    python = find_python()
    if python is None:
        raise LocalError(f"no Python >= {'.'.join(map(str, OLDEST_PYTHON))} was found")
    # A virtual environment knows its own place: a moved checkout needs a new one.
    digest = _digest(LOCK, extra=str(VENV))
    if _fresh(VENV, digest) and _succeeds([PYTHON, "-c", ""]):
        return
    if not (PYTHON.exists() and _usable(PYTHON)):
        _say(f"creating {_shown(VENV)} with {python}")
        shutil.rmtree(VENV, ignore_errors=True)
        _run([python, "-m", "venv", VENV])
    _say(f"installing the packages of {_shown(LOCK)}")
    _pip("--require-hashes", "-r", LOCK)
    _mark(VENV, digest)


def _install_mongod() -> None:
    if shutil.which("mongod"):
        return
    digest = _digest(MONGOD_LOCK)
    if _fresh(MONGO_WHEEL, digest):
        return
    if platform.system() != "Linux" or platform.machine() not in ("x86_64", "AMD64"):
        raise LocalError(
            f"there is no ready mongod for {platform.system()} on {platform.machine()}: "
            "install MongoDB 6.0 or newer so that `mongod` is on the PATH"
        )
    _say("installing mongod from a wheel")
    shutil.rmtree(MONGO_WHEEL, ignore_errors=True)
    _pip("--no-deps", "--require-hashes", "--target", MONGO_WHEEL, "-r", MONGOD_LOCK)
    mongod = find_mongod()
    if mongod is None:
        raise LocalError(f"the wheel left no mongod in {_shown(MONGO_WHEEL)}")
    mongod.chmod(0o755)
    need_system_packages(packages_for(_missing_libraries(mongod)))
    if not _succeeds([mongod, "--version"]):
        raise LocalError(f"{mongod} does not run here: try it by hand with --version")
    _mark(MONGO_WHEEL, digest)


def _install_kafka() -> None:
    pom = KAFKA_FILES / "pom.xml"
    digest = _digest(pom)
    if _fresh(KAFKA_LIBS, digest):
        return
    _say("fetching Kafka's jars with Maven")
    # Jars of another version beside the right ones would both be on the class path.
    shutil.rmtree(KAFKA_LIBS, ignore_errors=True)
    java = find_java()
    environment = dict(os.environ)
    if java is not None:
        environment["JAVA_HOME"] = str(java.resolve().parents[1])
    maven: list[str | Path] = ["mvn", "-q", "-B", "-ntp", "-Dstyle.color=never", "-f", pom]
    _run([*maven, "dependency:copy-dependencies", f"-DoutputDirectory={KAFKA_LIBS}"], environment)
    _mark(KAFKA_LIBS, digest)


def _install_web() -> None:
    """What pages are served with and is not ours: kept beside it, as it came."""
    digest = _digest(WEB_LOCK)
    if _fresh(WEB_FILES, digest):
        return
    _say("installing the pages' scripts from a wheel")
    shutil.rmtree(WEB_FILES, ignore_errors=True)
    _pip("--no-deps", "--require-hashes", "--target", WEB_FILES, "-r", WEB_LOCK)
    _mark(WEB_FILES, digest)


def _install_watching() -> None:
    """Prometheus and Alertmanager from Debian's packages, unpacked into the checkout: installed
    they would run as services of the machine. Elsewhere the tests of alerts and dashboards are
    skipped.
    """
    if not _is_debian() or shutil.which("apt-get") is None:
        return
    if find_prometheus() is None:
        _unpack("prometheus", PROMETHEUS_FILES)
    if find_alertmanager() is None:
        _unpack("prometheus-alertmanager", ALERTMANAGER_FILES)


def _unpack(package: str, into: Path) -> None:
    """The files of a Debian package; says so where it cannot be had."""
    _say(f"fetching {package} from Debian")
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    if os.geteuid() == 0:
        _succeeds(["apt-get", "update", "-qq"])
        # Otherwise apt warns that its own user cannot write there, and goes on as root.
        into.chmod(0o777)
    download = subprocess.run(["apt-get", "download", "-qq", package], cwd=into, check=False)
    files = list(into.glob(f"{package}_*.deb"))
    if download.returncode != 0 or not files:
        _say(f"{package} cannot be had: tests of alerts and dashboards will be skipped")
        shutil.rmtree(into)
        return
    into.chmod(0o755)
    _run(["dpkg-deb", "--extract", files[0], into])
    files[0].unlink()


def packages_for(libraries: Iterable[str]) -> list[str]:
    """The Debian packages that hold these shared libraries, each once, in a steady order.

    Raises LocalError for a library nobody foresaw.
    """
    wanted = list(libraries)
    unknown = sorted(set(wanted) - MONGOD_LIBRARIES.keys())
    if unknown:
        raise LocalError(
            f"mongod needs {', '.join(unknown)}, which this system lacks: install MongoDB 6.0 or "
            "newer by its own means so that `mongod` is on the PATH"
        )
    return sorted({MONGOD_LIBRARIES[library] for library in wanted})


# --- small things ----------------------------------------------------------------------------


@contextmanager
def _alone() -> Iterator[None]:
    """Two `make` at once in one checkout take turns instead of spoiling each other's files."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _digest(file: Path, extra: str = "") -> str:
    return hashlib.sha256(file.read_bytes() + extra.encode()).hexdigest()


def _fresh(directory: Path, digest: str) -> bool:
    stamp = directory / ".installed"
    return stamp.exists() and stamp.read_text() == digest


def _mark(directory: Path, digest: str) -> None:
    (directory / ".installed").write_text(digest)


def _usable(python: Path) -> bool:
    return _succeeds([python, "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"])


def _java_version(java: Path) -> int:
    """The major version that `java` tells about itself; 0 when it does not run."""
    try:
        told = subprocess.run([java, "-version"], capture_output=True, text=True, check=True).stderr
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r'version "(\d+)', told)
    return int(found[1]) if found else 0


def _missing_libraries(binary: Path) -> list[str]:
    told = _output(["ldd", binary])
    return re.findall(r"^\s*(\S+) => not found", told, flags=re.MULTILINE)


def _pip(*arguments: str | Path) -> None:
    _run([PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments])


def _run(command: Sequence[str | Path], env: dict[str, str] | None = None) -> None:
    subprocess.run(command, check=True, cwd=ROOT, env=env)


def _succeeds(command: Sequence[str | Path]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _output(command: Sequence[str | Path]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _say(what: str) -> None:
    print(f"install: {what}", flush=True)


if __name__ == "__main__":
    main()
