"""What a restore says of what it found."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from deploy.backup.manifest import FORMAT, Kafka, Manifest
from deploy.backup.restoring import Restored
from deploy.backup.seam import Lost, Seam
from shared.contracts.community import ResidentErased
from shared.contracts.envelope import type_of
from shared.contracts.ledger import TreeHeadSigned
from shared.contracts.petitions import PetitionTaken

MOMENT = datetime(2026, 3, 2, 2, tzinfo=UTC)


def told(seam: Seam) -> str:
    """The lines of a restore that found this."""
    manifest = Manifest(FORMAT, MOMENT, "0.1.0", False, [], Kafka({}, {}, {}))
    since = MOMENT - timedelta(days=7)
    return "\n".join(Restored(manifest, ("petitions",), since, seam, Path("report")).lines())


def test_nothing_lost_is_said_in_so_many_words() -> None:
    text = told(Seam())
    assert "0 events" in text
    assert "no commit knows: 0" in text
    assert "erase them again" not in text
    assert "must not go on" not in text


def test_what_was_lost_is_counted_and_what_wants_a_person_is_named() -> None:
    seam = Seam(
        published=[
            Lost("petitions/petition-p1/4/0", type_of(PetitionTaken)),
            Lost("petitions/petition-p2/4/0", type_of(PetitionTaken)),
            Lost("community/resident-r1/9/1", type_of(ResidentErased)),
            Lost("ledger/head-12/1/0", type_of(TreeHeadSigned)),
        ],
        acted_on=[
            Lost("petitions/petition-p1/5/0", known_to=("notifications", "subscriptions")),
        ],
        filled=3,
    )
    text = told(seam)
    assert f"2 {type_of(PetitionTaken)}" in text
    assert "1 of petitions in notifications" in text
    assert "1 of petitions in subscriptions" in text
    assert "1 residents were erased after the moment" in text
    assert "its log must not go on under its name" in text


def test_a_lost_event_knows_its_commit() -> None:
    lost = Lost("petitions/petition-p1/12/3")
    assert lost.service == "petitions"
    assert lost.commit == "petition-p1/12"
