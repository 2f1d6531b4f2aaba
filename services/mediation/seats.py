"""Who comes into question for a seat of a 4+X panel: those who have a duty at the place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from shared.neighbourhood.post import KnownPost

DUTIES: Mapping[str, tuple[str, ...]] = {
    "party-secretary": ("party-secretary",),
    "police-officer": ("police", "grid-police"),
    "lawyer": ("lawyer", "legal-adviser"),
    "property-or-street": ("property", "street-mediation"),
}
"""By the seat; a seat that is not here is for the duty of the same code."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who has such a duty now, so many `steps` up the tree from the dispute."""

    person: str
    duty: str
    place: str
    steps: int


def candidates(
    seat: str, path: Sequence[str], posts: Mapping[str, KnownPost]
) -> Iterator[Candidate]:
    """The nearest first, nobody twice."""
    seen = set()
    for steps, place in enumerate(reversed(path)):
        for duty in DUTIES.get(seat, (seat,)):
            post = posts.get(f"{place}:{duty}")
            if post is None or post.responsible is None or post.responsible in seen:
                continue
            seen.add(post.responsible)
            yield Candidate(post.responsible, duty, place, steps)
