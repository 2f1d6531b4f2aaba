"""The model says again what was measured, and the plan is what the page and the manifests say."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Iterator
from functools import cache, partial

import pytest
import yaml

from deploy.k8s.services import FEWEST, MOST, MOST_FOR_REQUESTS
from deploy.k8s.writing import OVERLAYS
from deploy.local.layout import SERVICES
from shared.contracts.types import PlaceKind
from shared.neighbourhood.place import KnownPlace
from shared.runtime.copies import Copy
from tests.capacity import city as plan
from tests.capacity.city import City, asked, city
from tests.capacity.measured import measured
from tests.capacity.model import points
from tests.capacity.page import PAGE, TEMPLATE, TOLERANCE, text
from tests.capacity.queueing import Writer, held, percentile, rate_through
from tests.deploy.told import service_called

CITY = OVERLAYS / "city"


@cache
def the_city() -> City:
    return city(measured())


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == text(the_city()), "python -m tests.capacity"


def test_the_template_has_no_number_of_its_own() -> None:
    reckoned, links = r"\{\{.*?\}\}|\{%.*?%\}", r"\[[^]]*\]\([^)]*\)"
    prose = re.sub(f"{reckoned}|{links}", "", TEMPLATE.read_text(encoding="utf-8"))
    assert re.findall(r".*\d.*", prose) == []


def test_what_was_measured_is_said_again() -> None:
    said = points(the_city().seen, the_city().writer)
    assert len([one for one in said if not one.fitted]) == 3
    for one in said:
        assert one.error <= (0.01 if one.fitted else TOLERANCE), one


def test_the_gateway_takes_from_lives_what_it_took_where_both_were_measured() -> None:
    """On one machine 127 to 135 lives a second went through it, 159 to 198 straight."""

    said = [one.modelled for one in points(the_city().seen, the_city().writer)]
    straight, through = said[-2:]
    assert through / straight == pytest.approx((127 + 135) / (159 + 198), rel=0.1)


def test_a_writer_of_one_group_keeps_to_its_time() -> None:
    writer = Writer(group=0.010, commit=0.001, at_once=1)
    assert rate_through(writer, 20) == pytest.approx(10 / 0.020)
    alone = held(writer, 1.0)
    assert alone == pytest.approx([0.011] * len(alone))


def test_a_second_group_begins_while_the_first_waits() -> None:
    one, two = (Writer(group=0.010, commit=0.0005, at_once=groups) for groups in (1, 2))
    assert rate_through(two, 60) > 1.1 * rate_through(one, 60)
    assert percentile(held(two, 1200), 0.5) < 0.8 * percentile(held(one, 1200), 0.5)


def test_more_wait_longer_and_stalls_are_seen_by_the_slowest() -> None:
    writer = Writer(group=0.010, commit=0.0005)
    middles = [percentile(held(writer, rate), 0.5) for rate in (20, 200, 1000, 1500)]
    assert middles == sorted(middles)
    smooth, stalling = held(writer, 200), held(Writer(0.010, 0.0005, stall=0.050), 200)
    assert percentile(stalling, 0.99) > 2 * percentile(smooth, 0.99)
    assert percentile(stalling, 0.5) < 1.2 * percentile(smooth, 0.5)


def test_a_place_weighs_what_the_plan_reckons_with() -> None:
    count = 20_000
    tracemalloc.start()
    try:
        kept = {path[-1]: KnownPlace(PlaceKind.UNIT, _name(n), path) for n, path in _homes(count)}
        versions = {code: n + 1 for n, code in enumerate(kept)}
        weight = tracemalloc.get_traced_memory()[0] / len(versions)
    finally:
        tracemalloc.stop()
    assert weight == pytest.approx(plan.PLACE_BYTES, rel=0.2)


def test_all_that_keep_places_are_reckoned_with() -> None:
    wide = {name for name in SERVICES if asked(name) is plan.KEEPER}
    assert {name for name in SERVICES if _keeps_places(name)} == wide
    (patched,) = [
        one["target"]["name"]
        for one in _kustomization()["patches"]
        if one.get("path") == "memory.yaml"
    ]
    assert {name for name in SERVICES if re.fullmatch(patched, name)} == wide
    value = _resources("memory.yaml")
    assert _cores(value["requests"]["cpu"]) == plan.KEEPER.cores
    assert _gib(value["requests"]["memory"]) == plan.KEEPER.memory_gib
    assert _gib(value["limits"]["memory"]) == plan.KEEPER_LIMIT_GIB
    assert the_city().places_mib + the_city().seen.rss_mib < plan.KEEPER.memory_gib * 1024


def test_the_overlay_has_the_stores_that_the_plan_has() -> None:
    (large, others, *_) = plan.SERVERS
    for file, wanted in (("large-stores.yaml", large), ("stores.yaml", others)):
        value = _resources(file)
        assert _cores(value["requests"]["cpu"]) == wanted.cores
        assert _gib(value["requests"]["memory"]) == wanted.memory_gib
    (target,) = [
        one["target"]["name"]
        for one in _kustomization()["patches"]
        if one.get("path") == "large-stores.yaml"
    ]
    assert {name for name in SERVICES if re.fullmatch(target, f"{name}-store")} == set(
        plan.LARGE_STORES
    )
    (disk, _) = yaml.safe_load((CITY / "large-stores.yaml").read_text())
    assert _gib(disk["value"]) == plan.LARGE_DISK_GIB


def test_there_may_be_as_many_processes_as_the_plan_has() -> None:
    for name, count in the_city().processes().items():
        assert FEWEST <= count <= (MOST_FOR_REQUESTS if name == "gateway" else MOST)
    assert set(the_city().processes()) == set(SERVICES)


def test_the_busiest_second_is_far_from_what_partitions_carry() -> None:
    assert max(the_city().busiest().values()) < the_city().events_at_most / 10


def _keeps_places(service: str) -> bool:
    made = service_called(service).copies
    copied = [one.args[0].kind for one in made if isinstance(one, partial) and one.func is Copy]
    return "place" in copied


def _kustomization() -> dict[str, list[dict[str, object]]]:
    read: dict[str, list[dict[str, object]]] = yaml.safe_load(
        (CITY / "kustomization.yaml").read_text()
    )
    return read


def _resources(file: str) -> dict[str, dict[str, str]]:
    (found,) = [
        one["value"]
        for one in yaml.safe_load((CITY / file).read_text())
        if one["path"].endswith("/resources")
    ]
    value: dict[str, dict[str, str]] = found
    return value


def _cores(text: str) -> float:
    return float(text.removesuffix("m")) / (1000 if text.endswith("m") else 1)


def _gib(text: str) -> float:
    number, unit = float(text[:-2]), text[-2:]
    return number * {"Mi": 1 / 1024, "Gi": 1, "Ti": 1024}[unit]


def _homes(count: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Homes with all that is above them; codes are texts of their own, as they are when read."""
    for n in range(count):
        above = (n, n // 50_000, n // 20_000, n // 5_000, n // 2_000, n // 60)
        yield n, (*(f"35010{level}{code:06d}" for level, code in enumerate(above[1:])), f"U{n:09d}")


def _name(number: int) -> str:
    return f"{number % 60:02d}室"
