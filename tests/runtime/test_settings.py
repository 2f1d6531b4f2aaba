"""Settings: what is missing or wrong is named with what is expected; secrets are not repeated."""

import subprocess
import sys
from pathlib import Path

import pytest

from shared.runtime.settings import WrongSettings, read_address, read_secret, read_settings
from tests.runtime.lamp_service import ENVIRONMENT


def wrong(**changes: str | None) -> list[str]:
    """The lines for an environment with these changes; None takes a variable away."""
    environment = {**ENVIRONMENT, **changes}
    with pytest.raises(WrongSettings) as caught:
        read_settings({name: value for name, value in environment.items() if value is not None})
    return caught.value.lines


def test_each_missing_one_is_named_with_what_is_expected() -> None:
    lines = wrong(JINLIN_MONGO_URI=None, JINLIN_HTTP_PORT=None)
    assert lines == [
        "JINLIN_HTTP_PORT is missing: expected the port to listen on, 1 to 65535",
        (
            "JINLIN_MONGO_URI is missing: expected mongodb://host:port/?replicaSet=name of the "
            "service's store"
        ),
    ]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("JINLIN_MODE", "test"),
        ("JINLIN_HTTP_PORT", "70000"),
        ("JINLIN_HTTP_PORT", "x"),
        ("JINLIN_MONGO_URI", "postgres://user:hunter2@host/"),
        ("JINLIN_MONGO_DRIVER", "sync"),
        ("JINLIN_KAFKA_BOOTSTRAP", "localhost"),
        ("JINLIN_OIDC_ISSUER", "issuer"),
        ("JINLIN_LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_one_is_named_without_its_value(variable: str, value: str) -> None:
    (line,) = wrong(**{variable: value})
    assert line.startswith(f"{variable} is wrong: expected ")
    assert "hunter2" not in line


def test_production_refuses_an_issuer_without_encryption() -> None:
    (line,) = wrong(JINLIN_MODE="production", JINLIN_OIDC_ISSUER="http://issuer.test")
    assert line.startswith("JINLIN_OIDC_ISSUER is an http:// address")


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "uri"
    file.write_text("mongodb://user:hunter2@host/?replicaSet=rs\n")
    environment = {**ENVIRONMENT, "JINLIN_MONGO_URI_FILE": str(file)}
    del environment["JINLIN_MONGO_URI"]
    assert read_settings(environment).mongo_uri == "mongodb://user:hunter2@host/?replicaSet=rs"
    (line,) = wrong(JINLIN_MONGO_URI=None, JINLIN_MONGO_URI_FILE=str(tmp_path / "none"))
    assert "JINLIN_MONGO_URI_FILE names a file that cannot be read" in line
    (line,) = wrong(JINLIN_MONGO_URI_FILE=str(file))
    assert "both set" in line


def test_a_process_with_wrong_settings_ends_with_code_2_and_no_traceback() -> None:
    code = "from shared.runtime.settings import settings_or_exit; settings_or_exit({})"
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 2
    assert "JINLIN_MODE is missing: expected local or production" in ended.stderr.splitlines()
    assert "Traceback" not in ended.stderr


def test_a_service_may_need_a_secret_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(WrongSettings) as caught:
        read_settings({**ENVIRONMENT, "JINLIN_MODE": "test"}, ["TEST_SECRET"])
    assert sorted(line.split(":")[0] for line in caught.value.lines) == [
        "JINLIN_MODE is wrong",
        "JINLIN_TEST_SECRET is missing",
    ]
    with pytest.raises(WrongSettings, match="at least 32") as caught:
        read_secret("TEST_SECRET", {"JINLIN_TEST_SECRET": "hunter2"})
    assert "hunter2" not in str(caught.value)
    file = tmp_path / "secret"
    file.write_text("s" * 32 + "\n")
    assert read_secret("TEST_SECRET", {"JINLIN_TEST_SECRET_FILE": str(file)}) == "s" * 32


def test_a_service_may_be_told_an_address_of_its_own() -> None:
    assert read_address("TEST", {}) is None
    assert read_address("TEST", {"JINLIN_TEST": "scanner.local:3310"}) == ("scanner.local", 3310)
    for wrong in ("scanner.local", "scanner.local:0", "scanner.local:99999", "a b:80", ":80"):
        with pytest.raises(WrongSettings, match="JINLIN_TEST is wrong: expected host:port"):
            read_address("TEST", {"JINLIN_TEST": wrong})
