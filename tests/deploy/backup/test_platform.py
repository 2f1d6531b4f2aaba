"""Where stores and Kafka are, as a file says or as the local run has them."""

from pathlib import Path

import pytest

from deploy.backup.__main__ import main
from deploy.backup.platform import Place, Platform, described, local
from deploy.local.layout import SERVICES, LocalError

PASSWORD = "rather-secret"
URI = f"mongodb://petitions:{PASSWORD}@petitions-store:27017/?replicaSet=jinlin"


def said(folder: Path, text: str) -> Path:
    """A file that says so."""
    file = folder / "platform.yaml"
    file.write_text(text)
    return file


def test_the_local_run_has_a_store_for_each_service() -> None:
    assert [place.service for place in local().stores] == list(SERVICES)
    assert len({place.database for place in local().stores}) == len(SERVICES)


def test_a_file_says_where_stores_and_kafka_are(tmp_path: Path) -> None:
    (tmp_path / "uri").write_text(f"{URI}\n")
    file = said(
        tmp_path,
        f"""\
kafka: kafka1:9092
stores:
  petitions: {{uri_file: {tmp_path / "uri"}, database: jinlin_petitions}}
  ledger: {{uri: "mongodb://ledger-store/?replicaSet=jinlin", database: jinlin_ledger}}
""",
    )
    petitions = Place("petitions", URI, "jinlin_petitions")
    ledger = Place("ledger", "mongodb://ledger-store/?replicaSet=jinlin", "jinlin_ledger")
    assert described(file) == Platform((petitions, ledger), "kafka1:9092")
    assert described(file).only(["ledger"]) == Platform((ledger,), "kafka1:9092")
    with pytest.raises(LocalError, match="moon"):
        described(file).only(["ledger", "moon"])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kafka: kafka1:9092",
        f'stores: {{petitions: {{uri: "{URI}", database: d}}}}',
        f'kafka: k\nstores: {{petitions: {{uri: "{URI}"}}}}',
        "kafka: k\nstores: {petitions: {uri_file: /nowhere/at/all, database: d}}",
        f'kafka: k\nstores: [ "{URI}"',
    ],
)
def test_what_is_wrong_is_said_without_the_password(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = said(tmp_path, text)
    assert main(["make", "--platform", str(file), "--to", str(tmp_path / "backup")]) == 1
    told = capsys.readouterr().err
    assert str(file) in told
    assert PASSWORD not in told
    assert not (tmp_path / "backup").exists()


def test_a_backup_gets_a_folder_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["make", "--to", str(tmp_path)]) == 1
    assert "is there already" in capsys.readouterr().err
