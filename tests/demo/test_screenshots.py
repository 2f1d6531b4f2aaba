"""The pictures of the main pages: of pages that there are, by people who see them, all shown."""

import re
from collections.abc import Sequence
from io import BytesIO

import pytest
from PIL import Image
from starlette.routing import BaseRoute, Match

from deploy.demo.day import load_day
from deploy.demo.screenshots import FOLDER, MOST_BYTES, SHOTS, Shot, small
from services.gateway import pages
from services.gateway.pages.rendering import STAFF

ROUTES: Sequence[BaseRoute] = pages.ROUTES
PEOPLE = load_day().people


def is_a_page(path: str) -> bool:
    """Whether the gateway shows something there."""
    scope = {"type": "http", "method": "GET", "path": path.partition("?")[0]}
    return any(route.matches(scope)[0] is Match.FULL for route in ROUTES)


def test_there_are_ten_of_residents_on_a_phone_and_of_staff_at_a_desk() -> None:
    assert len({shot.name for shot in SHOTS}) == len(SHOTS) == 10
    assert sum(shot.phone for shot in SHOTS) == 5
    assert all(shot.name.startswith("resident-") == shot.phone for shot in SHOTS)


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_a_picture_is_of_a_page_that_its_person_sees(shot: Shot) -> None:
    assert is_a_page(shot.path), shot.path
    at_work = shot.path.startswith("/work")
    assert at_work == bool(STAFF & set(PEOPLE[shot.who].roles))


def test_a_path_that_is_no_page_is_told_from_one() -> None:
    assert not is_a_page("/work/screenshots/of/nothing")


def test_the_readme_shows_each_with_its_words() -> None:
    shown = re.findall(
        r'<img src="(.+?)\.png" alt="(.+?)"', (FOLDER / "README.md").read_text("utf-8")
    )
    assert sorted(shown) == sorted((shot.name, shot.words) for shot in SHOTS)


def test_every_picture_that_is_kept_is_one_of_them_and_small() -> None:
    for file in FOLDER.glob("*.png"):
        assert file.stem in {shot.name for shot in SHOTS}
        assert file.stat().st_size <= MOST_BYTES


def test_a_picture_is_made_smaller_and_stays_as_large() -> None:
    drawn = BytesIO()
    noise = [Image.effect_noise((640, 480), 80) for _ in range(3)]
    Image.merge("RGB", noise).save(drawn, "PNG")
    made = small(drawn.getvalue())
    assert len(made) < len(drawn.getvalue())
    with Image.open(BytesIO(made)) as image:
        assert image.size == (640, 480)
