"""Where somebody stands: what browsers tell in WGS-84 is told to services in GCJ-02, the datum that
maps in China are drawn in. The two differ by some hundred metres there, and not elsewhere.
"""

from math import cos, pi, radians, sin, sqrt

AXIS = 6_378_245.0
"""Metres: half the long axis of the ellipsoid (Krasovsky 1940)."""
SQUARED_ECCENTRICITY = 0.00669342162296594323
WITHIN = ((0.8293, 55.8271), (72.004, 137.8347))
"""Degrees of latitude, and of longitude, between which the datum is another."""


def in_gcj(latitude: float, longitude: float) -> tuple[float, float]:
    """Latitude and longitude (degrees) in GCJ-02 of a position in WGS-84."""
    (south, north), (west, east) = WITHIN
    if not (south <= latitude <= north and west <= longitude <= east):
        return latitude, longitude
    x, y = longitude - 105.0, latitude - 35.0
    along = radians(latitude)
    flat = 1 - SQUARED_ECCENTRICITY * sin(along) ** 2
    meridian = AXIS * (1 - SQUARED_ECCENTRICITY) / (flat * sqrt(flat))
    parallel = AXIS / sqrt(flat) * cos(along)
    return (
        latitude + _northwards(x, y) * 180.0 / (meridian * pi),
        longitude + _eastwards(x, y) * 180.0 / (parallel * pi),
    )


def _northwards(x: float, y: float) -> float:
    """Metres."""
    plain = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    return plain + _ripples(x) + _waves(y, (1, 20.0), (3, 40.0), (12, 160.0), (30, 320.0))


def _eastwards(x: float, y: float) -> float:
    """Metres."""
    plain = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    return plain + _ripples(x) + _waves(x, (1, 20.0), (3, 40.0), (12, 150.0), (30, 300.0))


def _ripples(x: float) -> float:
    return (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0


def _waves(value: float, *waves: tuple[int, float]) -> float:
    """`waves` are each of half a length and a height."""
    return sum(height * sin(value * pi / length) for length, height in waves) * 2.0 / 3.0
