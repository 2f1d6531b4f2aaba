"""Hot spots: similar disputes in a place are told once for a wave."""

from datetime import timedelta

from services.mediation.domain.disputes.hot_spot import (
    MOST_KEPT,
    CountDispute,
    DisputeCounted,
    HotSpotCalmed,
    Watch,
    hot_spot,
)
from shared.contracts.mediation import HotSpotRaised
from shared.contracts.mediation.disputes import DisputeKind
from shared.runtime.aggregate import Tick
from tests.given import Given, given
from tests.services.mediation.disputes.stories import DAY, NOW, OFFICE, PATH

WATCH = Watch("n:noise", "c", OFFICE)


def one(day: float) -> CountDispute:
    return CountDispute(DisputeKind.NOISE, "n", PATH, NOW + timedelta(days=day))


def counted(day: float) -> DisputeCounted:
    return DisputeCounted(NOW + timedelta(days=day))


def raised(count: int = 3) -> HotSpotRaised:
    return HotSpotRaised("n:noise", DisputeKind.NOISE, "n", PATH, count, 90, "c", OFFICE)


def after(*days: float) -> Given:
    known = given(hot_spot)
    for day in days:
        step = known.when(one(day), facts=WATCH)
        known = step.then(*step.events)
    return known


def test_the_third_within_ninety_days_is_told() -> None:
    after(0, 20).when(one(89), facts=WATCH).then(counted(89), raised())
    after(0, 20).when(one(90), facts=WATCH).then(counted(90))
    after(0, 20).when(Tick(), facts=WATCH).then()


def test_it_is_told_once_for_a_wave() -> None:
    after(0, 20, 40).when(one(60), facts=WATCH).then(counted(60))
    # A slow, steady stream is one wave.
    after(0, 40, 80).when(one(120), facts=WATCH).then(counted(120))


def test_after_a_calm_time_another_wave_is_told() -> None:
    calm = after(0, 20, 40)
    calm.when(one(200), facts=WATCH).then(counted(200), HotSpotCalmed())
    after(0, 20, 40, 200, 210).when(one(220), facts=WATCH).then(counted(220), raised())


def test_what_arrives_late_counts_when_it_was_filed() -> None:
    after(0, 89).when(one(30), facts=WATCH).then_among(counted(30))
    state = after(*range(MOST_KEPT + 5)).state
    assert len(state.times) == MOST_KEPT
    assert state.times[-1] == NOW + (MOST_KEPT + 4) * DAY
