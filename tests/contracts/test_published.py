"""Since when an event is published is said for each, and never changes by itself."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from shared.contracts.files import HERE, contracts
from shared.contracts.generate import generated
from shared.contracts.published import Published, Stability, file_in, published, read, written

TODAY = date(2026, 11, 29)


def test_every_event_stands_in_the_table() -> None:
    assert list(read(HERE)) == list(contracts())
    assert all(row.since <= datetime.now(UTC).date() for row in read(HERE).values())


def test_a_new_event_is_as_of_today_and_experimental() -> None:
    old = {"cn.jinlin.x.A.v1": Published(date(2025, 1, 1), Stability.STABLE)}
    text = written(["cn.jinlin.x.A.v1", "cn.jinlin.x.B.v1"], old, TODAY)
    assert published(text) == {**old, "cn.jinlin.x.B.v1": Published(TODAY, Stability.EXPERIMENTAL)}
    assert written(published(text), published(text), date(2030, 1, 1)) == text


def test_generating_keeps_what_stands_there(tmp_path: Path) -> None:
    types = dict(list(contracts().items())[:2])
    first, second = types
    file_in(tmp_path).write_text(
        f"{first.removeprefix('cn.jinlin.')}: {{since: 2020-02-02, stability: stable}}\n"
    )
    after = published(generated(types, tmp_path)[file_in(tmp_path)])
    assert after[first] == Published(date(2020, 2, 2), Stability.STABLE)
    assert after[second].stability is Stability.EXPERIMENTAL


@pytest.mark.parametrize(
    "text", ["- a list", "x.A.v1: 2020-02-02", "x.A.v1: {since: 2020-02-02, stability: eternal}"]
)
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        published(text)
