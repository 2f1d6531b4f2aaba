"""The installer's decisions, with the programs of a machine replaced on the PATH."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.install import (
    LOCK,
    MONGOD_LOCK,
    find_alertmanager,
    find_java,
    find_mongod,
    packages_for,
)
from deploy.local.layout import KAFKA_FILES, ROOT, LocalError

pytestmark = pytest.mark.slow
"""Each starts processes."""


def _program(directory: Path, name: str, script: str) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    program = directory / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


def _java(directory: Path, version: str) -> Path:
    return _program(directory, "java", f"echo 'openjdk version \"{version}\" 2025-01-01' >&2")


def _python(code: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-B", "-c", code],
        cwd=ROOT,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_java_home_comes_before_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = _java(tmp_path / "home" / "bin", "21.0.1")
    path = _java(tmp_path / "path", "17.0.9")
    monkeypatch.setenv("PATH", str(path.parent), prepend=os.pathsep)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "home"))
    assert find_java() == home
    monkeypatch.delenv("JAVA_HOME")
    assert find_java() == path


@pytest.mark.parametrize("version", ["1.8.0_392", "11.0.21", "16"])
def test_an_old_java_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    old = _java(tmp_path, version)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert find_java() != old


def test_the_machines_own_mongod_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = _program(tmp_path, "mongod", "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert find_mongod() == own


@pytest.mark.parametrize("name", ["alertmanager", "prometheus-alertmanager"])
def test_the_machines_own_alertmanager_is_preferred(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    own = _program(tmp_path, name, "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert find_alertmanager() == own


def test_a_package_that_cannot_be_had_leaves_nothing_behind(tmp_path: Path) -> None:
    programs = tmp_path / "programs"
    _program(programs, "apt-get", "exit 100")
    into = tmp_path / "unpacked"
    done = _python(
        "import pathlib, sys\n"
        "from deploy.local import install\n"
        f"install._unpack('prometheus-alertmanager', pathlib.Path({str(into)!r}))\n",
        PATH=f"{programs}{os.pathsep}{os.environ['PATH']}",
    )
    assert done.returncode == 0, done.stderr
    assert "prometheus-alertmanager cannot be had" in done.stdout + done.stderr
    assert not into.exists()


def test_somebody_who_is_not_root_is_given_the_command() -> None:
    done = _python(
        "import os\n"
        "from deploy.local import install\n"
        "if os.geteuid() == 0: os.seteuid(65534)\n"
        "try: install.need_system_packages(['openjdk-17-jre-headless', 'maven'])\n"
        "except install.LocalError as error: raise SystemExit(str(error))\n"
    )
    assert done.returncode == 1
    assert "sudo apt-get update && sudo apt-get install -y" in done.stderr
    assert done.stderr.rstrip().endswith("openjdk-17-jre-headless maven")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root installs with apt")
def test_root_installs_what_is_missing(tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    _program(tmp_path / "bin", "apt-get", f'echo "$DEBIAN_FRONTEND $*" >> {heard}')
    done = _python(
        "from deploy.local import install\ninstall.need_system_packages(['maven'])",
        PATH=f"{tmp_path / 'bin'}:{os.environ['PATH']}",
    )
    assert done.returncode == 0, done.stderr
    update, install_line = heard.read_text().splitlines()
    assert update == "noninteractive update -qq"
    assert install_line == "noninteractive install -y --no-install-recommends maven -qq"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root installs with apt")
def test_a_machine_without_apt_is_told_what_it_needs(tmp_path: Path) -> None:
    done = _python(
        "from deploy.local import install\n"
        "try: install.need_system_packages(['maven'])\n"
        "except install.LocalError as error: raise SystemExit(str(error))\n",
        PATH=str(tmp_path),
    )
    assert done.returncode == 1
    assert "has no apt-get" in done.stderr


def test_nothing_is_installed_when_nothing_is_missing(tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    _program(tmp_path / "bin", "apt-get", f"echo called > {heard}")
    done = _python(
        "from deploy.local import install\ninstall.need_system_packages([])",
        PATH=f"{tmp_path / 'bin'}:{os.environ['PATH']}",
    )
    assert done.returncode == 0
    assert not heard.exists()


def test_missing_libraries_of_mongod_are_named_by_package() -> None:
    wanted = packages_for(["libssl.so.3", "libcrypto.so.3", "libcurl.so.4"])
    assert wanted == ["libcurl4", "libssl3"]
    assert packages_for([]) == []
    with pytest.raises(LocalError, match=r"libodd\.so\.9"):
        packages_for(["libcurl.so.4", "libodd.so.9"])


def test_what_is_installed_is_not_installed_again() -> None:
    done = _python("from deploy.local import install\ninstall.main()")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_installer_needs_nothing_installed() -> None:
    done = subprocess.run(
        [sys.executable, "-B", "-I", "-S", "-c", _IMPORT_BARE.format(root=str(ROOT))],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


_IMPORT_BARE = "import sys; sys.path.insert(0, {root!r}); import deploy.local.install"


def test_the_installer_is_read_by_the_python_of_ubuntu_22() -> None:
    for module in ("__init__", "layout", "install"):
        source = (ROOT / "deploy" / "local" / f"{module}.py").read_text()
        ast.parse(source, feature_version=(3, 10))


@pytest.mark.parametrize("lock", [LOCK, MONGOD_LOCK])
def test_every_locked_package_has_digests_and_no_host(lock: Path) -> None:
    entries = lock.read_text().replace("\\\n", " ").splitlines()
    packages = [line for line in entries if line and not line.lstrip().startswith("#")]
    assert packages
    assert all("==" in line and "--hash=sha256:" in line for line in packages)
    assert "://" not in lock.read_text()
    assert not [line for line in packages if line.startswith("-")]


def test_the_pom_names_no_repository() -> None:
    pom = (KAFKA_FILES / "pom.xml").read_text()
    assert "repository" not in pom
    assert "<kafka.version>4.1." in pom
