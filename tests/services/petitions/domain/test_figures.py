"""What a petition counts for: one answer to each question of the statistics."""

from datetime import UTC, datetime

from services.petitions.domain.commands import ConfirmSolved, Rate
from services.petitions.domain.figures import Figures
from shared.runtime.aggregate import Tick
from tests.services.petitions.town import (
    FRIDAY,
    LOW,
    NEXT_MONDAY,
    RESIDENT,
    TOWN,
    TUESDAY,
    WEDNESDAY,
    answered,
    filed,
)


def test_a_petition_counts_for_the_month_of_the_city() -> None:
    last_of_march = datetime(2025, 3, 31, 15, 59, 59, tzinfo=UTC)
    first_of_april = datetime(2025, 3, 31, 16, tzinfo=UTC)
    assert filed(last_of_march).state.figures == Figures("mawei", "2025-03")
    assert filed(first_of_april).state.figures.month == "2025-04"


def test_an_answer_before_any_deadline_is_in_time() -> None:
    assert answered(TUESDAY).state.figures == Figures("mawei", "2025-03", in_time=True)


def test_an_answer_of_the_next_level_is_late_however_soon_it_comes() -> None:
    passed = filed().when(Tick(), at=FRIDAY, facts=TOWN)
    assert passed.then(*passed.events).state.figures == Figures("mawei", "2025-03", late=True)


def test_the_judgement_counts_as_it_was_last() -> None:
    judged = answered().when(LOW, at=WEDNESDAY, facts=TOWN)
    figures = judged.then(*judged.events).state.figures
    assert (figures.stars, figures.solved, figures.in_time) == (LOW.stars, False, True)
    good = answered().when(Rate(by=RESIDENT, stars=5, solved=True), at=WEDNESDAY, facts=TOWN)
    figures = good.then(*good.events).state.figures
    assert (figures.stars, figures.solved) == (5, True)
    confirmed = answered().when(ConfirmSolved(by=RESIDENT), at=NEXT_MONDAY, facts=TOWN)
    figures = confirmed.then(*confirmed.events).state.figures
    assert (figures.stars, figures.solved) == (None, True)
