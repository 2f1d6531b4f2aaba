"""Which channels there are by which settings, and what is said of wrong ones."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from deploy.local.layout import PYTHON, ROOT
from deploy.local.processes import free_port
from deploy.local.stack import SECRETS
from services.notifications.channels.new_key import main
from services.notifications.channels.provided import (
    channels_by,
    rate_by,
    receipt_secret_by,
    ways_by,
)
from services.notifications.channels.push import Push
from services.notifications.domain.ways import Way
from shared.runtime.settings import WrongSettings
from tests.services.notifications.channels.authority import authority

SECRET = "a secret of the gateway, long enough to be one"
KEY = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
MAIL = {
    "JINLIN_SMTP": "smtp://relay.city.example:587",
    "JINLIN_MAIL_FROM": "近邻 <notices@city.example>",
}
SMS = {"JINLIN_SMS_URL": "https://sms.city.example/send", "JINLIN_SMS_SECRET": SECRET}
PUSH = {"JINLIN_PUSH_KEY": KEY, "JINLIN_PUSH_CONTACT": "mailto:operator@city.example"}


def test_what_is_not_set_is_not_there() -> None:
    assert ways_by({}) == {Way.ROBOT, Way.PHONE}
    assert set(channels_by({})) == {Way.ROBOT}
    assert receipt_secret_by(Way.SMS, {}) is None
    assert receipt_secret_by(Way.EMAIL, {}) is None


def test_what_is_set_is_there() -> None:
    everything = {**MAIL, **SMS, **PUSH, "JINLIN_MAIL_RECEIPTS_SECRET": SECRET}
    assert ways_by(everything) == set(Way)
    channels = channels_by(everything)
    assert set(channels) == set(Way) - {Way.PHONE}
    assert all(channel.way is way for way, channel in channels.items())
    assert receipt_secret_by(Way.SMS, everything) == SECRET
    assert receipt_secret_by(Way.EMAIL, everything) == SECRET


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(SECRET + "\n")
    given = {"JINLIN_SMS_URL": SMS["JINLIN_SMS_URL"], "JINLIN_SMS_SECRET_FILE": str(file)}
    assert Way.SMS in channels_by(given)
    assert receipt_secret_by(Way.SMS, given) == SECRET


@pytest.mark.parametrize("way", ["smtp", "smtps"])
def test_a_user_has_a_password_and_a_city_its_own_authority(way: str, tmp_path: Path) -> None:
    given = {
        **MAIL,
        "JINLIN_SMTP": f"{way}://jin%40lin@relay.city.example:465",
        "JINLIN_SMTP_PASSWORD": "p",
        "JINLIN_SMTP_CA": str(authority(tmp_path).certificates),
    }
    assert Way.EMAIL in channels_by(given)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({**MAIL, "JINLIN_SMTP": "relay.city.example"}, "SMTP"),
        ({**MAIL, "JINLIN_SMTP": "http://relay.city.example:587"}, "SMTP"),
        ({**MAIL, "JINLIN_SMTP": "smtp://relay.city.example"}, "SMTP"),
        ({**MAIL, "JINLIN_SMTP": "smtp://relay.city.example:99999"}, "SMTP"),
        ({**MAIL, "JINLIN_SMTP": "smtp://user@relay.city.example:587"}, "SMTP_PASSWORD"),
        ({**MAIL, "JINLIN_SMTP": "smtp://u:p@relay.city.example:587"}, "SMTP_PASSWORD"),
        ({**MAIL, "JINLIN_SMTP_PASSWORD": "p"}, "SMTP_PASSWORD"),
        ({**MAIL, "JINLIN_MAIL_FROM": ""}, "MAIL_FROM"),
        ({**MAIL, "JINLIN_MAIL_FROM": "notices"}, "MAIL_FROM"),
        ({**MAIL, "JINLIN_MAIL_FROM": "a@b.example, c@d.example"}, "MAIL_FROM"),
        ({**MAIL, "JINLIN_SMTP_CA": "/nowhere/ca.pem"}, "SMTP_CA"),
        ({**SMS, "JINLIN_SMS_URL": "sms.city.example"}, "SMS_URL"),
        (
            {**SMS, "JINLIN_SMS_URL": "http://sms.city.example", "JINLIN_MODE": "production"},
            "SMS_URL",
        ),
        ({**SMS, "JINLIN_SMS_SECRET": "short"}, "SMS_SECRET"),
        ({"JINLIN_SMS_URL": SMS["JINLIN_SMS_URL"]}, "SMS_SECRET"),
        ({**PUSH, "JINLIN_PUSH_KEY": "AAAA"}, "PUSH_KEY"),
        ({**PUSH, "JINLIN_PUSH_CONTACT": "tel:12345678"}, "PUSH_CONTACT"),
    ],
)
def test_what_is_wrong_is_named(given: Mapping[str, str], name: str) -> None:
    with pytest.raises(WrongSettings) as wrong:
        channels_by(given)
    assert str(wrong.value).startswith(f"JINLIN_{name} is ")
    for value in given.values():
        assert len(value) < 8 or value not in str(wrong.value), "values may be secrets"


def test_a_process_with_wrong_settings_does_not_start() -> None:
    """It says which, with code 2, before it has reached anything."""
    env = {
        **os.environ,
        **SECRETS,
        **PUSH,
        "JINLIN_MODE": "local",
        "JINLIN_HTTP_PORT": str(free_port()),
        "JINLIN_MONGO_URI": "mongodb://127.0.0.1:1/?replicaSet=jinlin",
        "JINLIN_MONGO_DATABASE": "test",
        "JINLIN_KAFKA_BOOTSTRAP": "127.0.0.1:1",
        "JINLIN_OIDC_ISSUER": "http://127.0.0.1:1",
        "JINLIN_PUSH_KEY": "not-a-key",
    }
    command = [PYTHON, "-m", "services.notifications.main"]
    ended = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2, ended.stderr
    assert ended.stderr.splitlines() == [
        "JINLIN_PUSH_KEY is wrong: expected a P-256 key, 32 bytes in base64url"
    ]


def test_a_gateway_on_ones_own_machine_may_be_plain() -> None:
    local = {**SMS, "JINLIN_SMS_URL": "http://127.0.0.1:8080/", "JINLIN_MODE": "local"}
    assert Way.SMS in channels_by(local)


def test_a_rate_is_a_number_of_messages_a_second() -> None:
    assert rate_by(Way.SMS, {}) == 20
    assert rate_by(Way.SMS, {"JINLIN_SMS_RATE": "0.5"}) == 0.5
    for wrong in ("0", "-1", "nan", "inf", "many", "1e9"):
        with pytest.raises(WrongSettings, match="JINLIN_EMAIL_RATE"):
            rate_by(Way.EMAIL, {"JINLIN_EMAIL_RATE": wrong})


def test_a_new_key_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    main()
    private, public = capsys.readouterr().out.split()
    push = channels_by({**PUSH, "JINLIN_PUSH_KEY": private})[Way.PUSH]
    assert isinstance(push, Push)
    assert push.public_key == public
