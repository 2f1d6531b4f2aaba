"""The rules of the points bank (爱心银行)."""

from typing import Any

from services.volunteering.domain.bank.account import account
from services.volunteering.domain.bank.point_rules import point_rules
from services.volunteering.domain.bank.reward import reward
from services.volunteering.domain.bank.shop import shop
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (account, reward, shop, point_rules)
