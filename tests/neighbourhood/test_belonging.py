"""To which organisations a person belongs, as posts and memberships change."""

import asyncio

import pytest

from shared.neighbourhood.belonging import Posts, belonging
from shared.neighbourhood.member import KnownMember
from shared.neighbourhood.post import (
    KnownPost,
    LearnAbsence,
    LearnHolder,
    LearnReturn,
    LearnVacancy,
    post,
)
from shared.runtime.aggregate import Command
from shared.runtime.clock import SystemClock
from shared.runtime.memory_journal import MemoryJournal
from shared.runtime.store import Store

POST = "banyan:security"
GIVEN = LearnHolder("banyan", "security", "mo", "o-property")


async def posts_after(*commands: Command) -> Posts:
    """The copy as it has followed these commands one by one."""
    clock, kept = SystemClock(), Posts()
    journal = MemoryJournal(clock)
    store = Store("petitions", journal, clock, (post,))
    follows = asyncio.create_task(kept.follow(journal, clock))
    try:
        await kept.loaded()
        for command in commands:
            await store.do(post, POST, command, actor="community")
            known = await store.get(post, POST)
            assert known is not None
            async with asyncio.timeout(10):
                while kept.get(POST) != known.state:
                    await clock.sleep(0.005)
    finally:
        follows.cancel()
    return kept


@pytest.mark.parametrize(
    ("commands", "there"),
    [
        ((GIVEN,), {"mo"}),
        ((GIVEN, LearnHolder("banyan", "security", "po", "o-property")), {"po"}),
        ((GIVEN, LearnHolder("banyan", "security", "mo", None)), set()),
        ((GIVEN, LearnVacancy("mo")), set()),
        ((GIVEN, LearnAbsence("mo", "deputy")), {"mo", "deputy"}),
        ((GIVEN, LearnAbsence("mo", "deputy"), LearnReturn("mo")), {"mo"}),
    ],
)
async def test_who_has_a_post_or_stands_in_belongs_to_the_body_that_fills_it(
    commands: tuple[Command, ...], there: set[str]
) -> None:
    posts = await posts_after(*commands)
    for of in (belonging({}, posts), belonging({}, dict(posts))):
        assert {who for who in ("mo", "po", "deputy") if of(who)} == there
        assert all(of(who) == {"o-property"} for who in there)


def test_members_belong_to_it_besides() -> None:
    members = {"mo": KnownMember(("o-law", "o-school"))}
    posts = {POST: KnownPost("banyan", "security", "mo", "o-property")}
    of = belonging(members, posts)
    assert of("mo") == {"o-law", "o-school", "o-property"}
    assert of("po") == frozenset()
