"""Positions of browsers as maps in China have them."""

import pytest

from services.gateway.pages.positions import in_gcj

KNOWN = [
    ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
    ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
    ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
]
"""Places in Shanghai, Shenzhen and Beijing, as published tables of the two have them."""


@pytest.mark.parametrize(("wgs", "gcj"), KNOWN)
def test_a_position_in_china_is_moved(wgs: tuple[float, float], gcj: tuple[float, float]) -> None:
    assert in_gcj(*wgs) == pytest.approx(gcj, abs=1e-9)


def test_a_position_elsewhere_stays() -> None:
    assert in_gcj(51.5, -0.12) == (51.5, -0.12)
    assert in_gcj(-90, 0) == (-90, 0)
