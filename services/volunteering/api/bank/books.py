"""The books over HTTP, for operators: all accounts together, and what does not add up."""

from typing import Any

from services.volunteering.domain.bank.account import account
from services.volunteering.domain.bank.legs import Books, together
from services.volunteering.domain.bank.state import Account
from shared.runtime.api import CurrentStore
from shared.runtime.policies import administrator, operator
from shared.runtime.queries import Queries

MOST_NAMED = 100
"""Accounts that are wrong, named in one answer."""
AT_ONCE = 1_000
"""Books that are added up together."""

queries = Queries(tags=["Points bank"])


@queries.get("/books", may=operator | administrator)
async def books(store: CurrentStore) -> dict[str, Any]:
    """The balance of each kind of account, over all: they sum to zero, at any moment, for each
    commit's do. Below zero is only what issues points. Accounts whose own books do not add up, or
    whose points are not what was posted to them, are named.

    It reads every account once; what is posted meanwhile may be in or not, as a whole.
    """
    whole, some = Books(), list[Books]()
    wrong: list[str] = []
    count = owed = 0
    async for stored in store.journal.all(account.kind):
        state = store.read(account, stored)
        count, owed = count + 1, owed + state.owed
        some.append(state.books)
        if len(some) == AT_ONCE:
            whole, some = together((whole, *some)), []
        if not adds_up(state) and len(wrong) < MOST_NAMED:
            wrong.append(stored.id)
    whole = together((whole, *some))
    below_zero = [kind for kind, points in whole.by_kind().items() if points < 0]
    return {
        "accounts": count,
        "kinds": whole.by_kind(),
        "sum": whole.sum,
        "owed": owed,
        "balanced": whole.sum == 0 and not wrong and set(below_zero) <= {"issuing"},
        "wrong": wrong,
    }


def adds_up(state: Account) -> bool:
    """Whether an account's books sum to zero, and say what it has: nothing below zero."""
    own = state.books.person + state.books.team
    held = sum(one.points for one in state.holds)
    return (
        state.books.sum == 0
        and own == state.balance
        and held == state.books.held
        and all(lot.points > 0 for lot in state.lots)
        and state.owed >= 0
    )
