"""The judgement of a long run: what grows or falls behind is noticed, what wavers is not."""

import random
from dataclasses import replace

import pytest

from tests.bench.drawing import svg
from tests.bench.report import PAGE
from tests.bench.soak import BEGIN, END, Soak, page, plots
from tests.bench.steadiness import GROWTH_MB_PER_HOUR, Look, growth, rises, slope, unsteady

MACHINE = {"cores": 2, "ram_gb": 23.4, "processor": "P", "load_before": 0.1}
HALF_AN_HOUR = 180


def looks(
    count: int = HALF_AN_HOUR, per_hour: float = 0.0, consumer_rises: float = 0.0
) -> list[Look]:
    """A look every ten seconds. Memory fills in the first third, wavers, and grows by `per_hour`;
    the consumer falls behind by so many seconds in an hour.
    """
    chance = random.Random(1)
    made = []
    for number in range(1, count + 1):
        hours = number * 10 / 3600
        filled = 60 * min(1, 3 * number / count)
        made.append(
            Look(
                at=number * 10.0,
                rss_mb={"petitions": 100 + filled + chance.uniform(-2, 2) + per_hour * hours},
                relay_behind=chance.uniform(0, 0.4),
                consumer_behind=chance.uniform(0, 1) + consumer_rises * hours,
                accepted=5000,
                errors=0,
                p99_ms=40 + chance.uniform(0, 20),
            )
        )
    return made


def test_a_slope_is_that_of_the_line_that_fits_best() -> None:
    assert slope([(0, 1), (1, 3), (2, 5)]) == pytest.approx(2)
    assert slope([(0, 0), (1, 3), (2, 0)]) == pytest.approx(0)
    with pytest.raises(ValueError, match="no slope"):
        slope([(1, 1), (1, 2)])


def test_memory_that_fills_at_first_and_wavers_is_flat() -> None:
    assert unsteady(looks()) == []


def test_memory_that_grows_is_noticed() -> None:
    grown = 2 * GROWTH_MB_PER_HOUR
    assert growth(looks(per_hour=grown))["petitions"] == pytest.approx(grown, abs=15)
    (told,) = unsteady(looks(per_hour=grown))
    assert told.startswith("petitions grew by ")


def test_memory_that_shrinks_is_no_trouble() -> None:
    assert unsteady(looks(per_hour=-100)) == []


def test_a_consumer_that_falls_behind_is_noticed_and_one_that_wavers_is_not() -> None:
    assert abs(rises(looks())["consumer"]) < 1
    (told,) = unsteady(looks(consumer_rises=20))
    assert told.startswith("the consumer fell ")
    behind = [replace(look, relay_behind=look.at / 100) for look in looks()]
    (told,) = unsteady(behind)
    assert told.startswith("the relay fell ")


def test_one_failed_request_is_enough() -> None:
    seen = looks()
    seen[3] = replace(seen[3], errors=1)
    assert unsteady(seen) == ["1 requests failed"]


def test_a_run_that_ended_early_is_not_called_steady() -> None:
    assert unsteady(looks(count=2)) == ["too short to judge: 2 looks"]
    assert unsteady([]) == ["too short to judge: 0 looks"]


def test_the_page_says_what_was_held_and_what_was_seen() -> None:
    seen = looks()
    run = Soak("2026-01-01 00:00 UTC", MACHINE, {}, 500.0, 1000.0, seen, [])
    told = page(run)
    assert "For 30 minutes 500 POST /petitions per second, half of 1,000/s;" in told
    assert "900,000 were accepted, 0 failed" in told
    assert "Steady; counted afterwards" in told
    for name, plot in plots(seen).items():
        assert f"](plots/{name}.svg)" in told
        assert svg(plot).count("<polyline") == 2 * len(plot.lines)
    run.wrong.append("petitions grew by 99 MiB per hour")
    assert "Not steady: petitions grew by 99 MiB per hour." in page(run)
    assert "Steady;" not in page(run)


def test_the_real_page_has_a_place_for_it() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.index(BEGIN) < text.index(END)
