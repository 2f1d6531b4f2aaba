"""Where words say that something is."""

import pytest

from services.gateway.open311.gazetteer import Gazetteer, Place

NAMES = {
    "g": ("鼓楼区", ("g",)),
    "g-d": ("东街街道", ("g", "g-d")),
    "g-d-j": ("军门社区", ("g", "g-d", "g-d-j")),
    "g-d-j-1": ("阳光花园", ("g", "g-d", "g-d-j", "g-d-j-1")),
    "g-w": ("温泉街道", ("g", "g-w")),
    "g-w-m": ("秀治社区", ("g", "g-w", "g-w-m")),
    "g-w-m-1": ("阳光花园", ("g", "g-w", "g-w-m", "g-w-m-1")),
    "g-w-m-2": ("温泉", ("g", "g-w", "g-w-m", "g-w-m-2")),
    "g-w-m-3": ("旧院", ("g", "g-w", "g-w-m", "g-w-m-3")),
    "t": ("台江区", ("t",)),
}
KNOWN = Gazetteer(
    {code: Place(code, name, path, name == "旧院") for code, (name, path) in NAMES.items()}
)


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("福州市鼓楼区东街街道军门社区阳光花园5号楼", "g-d-j-1"),
        ("鼓楼区温泉街道阳光花园", "g-w-m-1"),
        ("阳光花园", "g"),  # there are two: the district has both
        ("温泉街道", "g-w"),  # not the neighbourhood of a shorter name
        ("温泉街道秀治社区温泉", "g-w-m-2"),
        ("鼓楼区", "g"),
        ("旧院门口", "g"),  # closed
        ("台江区", "g"),  # not within
        ("", "g"),
    ],
)
def test_an_address_is_as_close_as_its_words(words: str, place: str) -> None:
    assert KNOWN.found_in(words, "g") == place


def test_an_address_is_told_from_the_closest_on() -> None:
    assert KNOWN.address("g-d-j-1") == "阳光花园, 军门社区, 东街街道, 鼓楼区"
    assert KNOWN.address("nowhere") is None


def test_what_lies_in_what() -> None:
    assert KNOWN.lies_in("g-d-j", "g")
    assert KNOWN.lies_in("g", "g")
    assert not KNOWN.lies_in("t", "g")
    assert not KNOWN.lies_in("nowhere", "g")
