"""Who is asked when something climbs."""

from services.volunteering.offices import Office, office
from shared.contracts.types import Level, PlaceKind
from shared.neighbourhood.place import KnownPlace
from shared.neighbourhood.post import KnownPost

PATH = ("gulou", "wufeng", "junmen", "junmen-1", "junmen-1-2")
PLACES = {
    "gulou": KnownPlace(PlaceKind.DISTRICT, path=PATH[:1]),
    "wufeng": KnownPlace(PlaceKind.STREET, path=PATH[:2]),
    "junmen": KnownPlace(PlaceKind.COMMUNITY, path=PATH[:3]),
    "junmen-1": KnownPlace(PlaceKind.NEIGHBOURHOOD, path=PATH[:4]),
    "junmen-1-2": KnownPlace(PlaceKind.BUILDING, path=PATH),
}


def held(place: str, duty: str, holder: str | None) -> dict[str, KnownPost]:
    return {f"{place}:{duty}": KnownPost(place, duty, holder)}


def test_the_communitys_office_is_who_has_the_duty_for_volunteers():
    posts = held("junmen", "volunteering", "lin") | held("junmen", "petitions", "wu")
    assert office(PLACES, posts, PATH, Level.COMMUNITY) == Office("junmen", "lin")


def test_without_one_it_is_who_answers_petitions():
    posts = held("junmen", "volunteering", None) | held("junmen", "petitions", "wu")
    assert office(PLACES, posts, PATH, Level.COMMUNITY) == Office("junmen", "wu")


def test_the_deputy_does_the_duty_of_who_is_away():
    away = KnownPost("wufeng", "volunteering", "lin", away=True, deputy="he")
    posts = {"wufeng:volunteering": away}
    assert office(PLACES, posts, PATH, Level.STREET) == Office("wufeng", "he")


def test_a_vacant_office_stays_the_place_that_is_asked():
    posts = held("wufeng", "volunteering", "lin")
    assert office(PLACES, posts, PATH, Level.COMMUNITY) == Office("junmen", None)


def test_where_the_tree_has_no_such_level_the_next_above_is_asked():
    path = ("gulou", "wufeng", "village")
    assert office(PLACES, held("wufeng", "petitions", "wu"), path, Level.COMMUNITY) == Office(
        "wufeng", "wu"
    )
    assert office(PLACES, {}, ("junmen",), Level.STREET) == Office("junmen", None)
    assert office(PLACES, {}, (), Level.STREET) == Office("", None)
