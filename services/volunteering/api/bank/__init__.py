"""Over HTTP: the points bank (爱心银行)."""

from services.volunteering.api.bank import (
    accounts,
    books,
    passbook,
    rankings,
    rewards,
    rules,
    shops,
    tills,
)
from shared.runtime.api import AggregateApi
from shared.runtime.own_data import Held
from shared.runtime.queries import Queries

APIS: tuple[AggregateApi, ...] = (
    accounts.accounts_api,
    shops.shops_api,
    rewards.rewards_api,
    rules.rules_api,
)
QUERIES: tuple[Queries, ...] = (
    accounts.queries,
    passbook.queries,
    tills.queries,
    rewards.queries,
    shops.queries,
    rules.queries,
    rankings.queries,
    books.queries,
)
HELD: tuple[Held, ...] = (Held(accounts.accounts_api, "holder"),)
"""Where something about a person lies."""
