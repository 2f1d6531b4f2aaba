"""How often the suggested category is the right one, on labelled messages beside the checkout."""

import csv
from pathlib import Path

import pytest

from services.petitions.rules import SHIPPED, load_rules
from services.petitions.suggesting import Suggester, first_levels

LABELLED = Path(__file__).parents[4] / "shared/data/petitions/labelled.csv"
LEAST = 0.78

BUILDING = (
    "property housing construction utilities drainage sanitation greenery parking fire-safety"
)
THEIRS = dict.fromkeys(BUILDING.split(), "城乡建设") | {
    "labour": "劳动和社会保障",
    "education": "教育文体",
    "health": "卫生计生",
    "transport": "交通运输",
    "commerce": "商贸旅游",
    "environment": "环境保护",
}
"""What the seven labels are called here. Theirs of building has nine of ours in it."""


@pytest.mark.skipif(not LABELLED.exists(), reason="needs labelled.csv of the shared data")
def test_the_first_level_is_right_four_times_in_five() -> None:
    categories = load_rules(SHIPPED).categories
    suggester, roots = Suggester(categories), first_levels(categories)
    with LABELLED.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    first = among = 0
    for row in rows:
        found = suggester.suggest(row["subject"], row["body"], 5)
        labels = [THEIRS.get(roots[suggestion.code]) for suggestion in found]
        first += labels[:1] == [row["category"]]
        among += row["category"] in labels[:3]
    print(f"of {len(rows)}: first {first / len(rows):.3f}, among three {among / len(rows):.3f}")
    assert first / len(rows) >= LEAST
