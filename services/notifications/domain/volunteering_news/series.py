"""Who is told what of series of activities: those who answer for them."""

from services.notifications.domain.telling import Telling, to
from shared.contracts.event import Event
from shared.contracts.volunteering import (
    OccasionDue,
    OccasionLeftOut,
    OccasionMoved,
    OccasionNotMade,
    SeriesBegan,
    SeriesEnded,
)

TELLS_NOBODY: frozenset[type[Event]] = frozenset(
    {
        SeriesBegan,  # by themselves
        OccasionDue,  # the activity that follows is announced
    }
)


def tellings(event: Event) -> list[Telling | None]:
    """Who must know of the event."""
    match event:
        case OccasionLeftOut() as e:
            return [
                to(
                    person,
                    "occasion-left-out",
                    series=e.series,
                    place=e.place,
                    begin=e.begin,
                    because=e.because,
                )
                for person in e.organisers
            ]
        case OccasionMoved() as e:
            return [
                to(
                    person,
                    "occasion-moved",
                    series=e.series,
                    place=e.place,
                    was=e.former,
                    begin=e.begin,
                )
                for person in e.organisers
            ]
        case OccasionNotMade() as e:
            return [
                to(person, "occasion-not-made", series=e.series, place=e.place, begin=e.begin)
                for person in e.organisers
            ]
        case SeriesEnded() as e:
            return [
                to(person, "series-ended", series=e.series, place=e.place, because=e.because)
                for person in e.organisers
            ]
    return []
