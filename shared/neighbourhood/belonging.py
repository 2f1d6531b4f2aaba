"""Which organisations a person belongs to: as a registered member, or by a post that one fills."""

from collections.abc import Callable, Iterator, Mapping

from shared.neighbourhood.member import KnownMember
from shared.neighbourhood.post import KnownPost, post
from shared.runtime.copies import Copies, Copy
from shared.runtime.journal import Stored

Belonging = Callable[[str], frozenset[str]]
"""The organisations of a person."""


class Posts(Copy[KnownPost]):
    """The copy of all posts, which also knows for whom a person does duty."""

    def __init__(self) -> None:
        super().__init__(post)
        self._filled: dict[str, dict[str, str]] = {}

    def filled_for(self, person: str) -> frozenset[str]:
        """The organisations whose posts the person has, or stands in for."""
        return frozenset(self._filled.get(person, {}).values())

    def _take(self, stored: Stored) -> None:
        before = self.get(stored.id)
        super()._take(stored)
        after = self.get(stored.id)
        if after is before:
            return
        for person, _ in _for_whom(before):
            del self._filled[person][stored.id]
            if not self._filled[person]:
                del self._filled[person]
        for person, organisation in _for_whom(after):
            self._filled.setdefault(person, {})[stored.id] = organisation


def belonging(members: Mapping[str, KnownMember], posts: Mapping[str, KnownPost]) -> Belonging:
    """Looks a person up; posts that are no `Posts` are gone through one by one."""

    def filled_for(person: str) -> frozenset[str]:
        if isinstance(posts, Posts):
            return posts.filled_for(person)
        every = (pair for known in posts.values() for pair in _for_whom(known))
        return frozenset(organisation for who, organisation in every if who == person)

    def of(person: str) -> frozenset[str]:
        known = members.get(person)
        filled = filled_for(person)
        return filled if known is None else filled.union(known.organisations)

    return of


def bodies_of(copies: Copies, person: str) -> frozenset[str]:
    """The same from what a service keeps in memory."""
    return belonging(copies["member"], copies["post"])(person)


def _for_whom(known: KnownPost | None) -> Iterator[tuple[str, str]]:
    """Who does duty in the post, each with the organisation that fills it."""
    if known is None or known.organisation is None:
        return
    for person in {known.holder, known.deputy}:
        if person is not None:
            yield person, known.organisation
