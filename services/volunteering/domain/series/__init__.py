"""The rules of series of activities, and of the calendars that people take them along in."""

from typing import Any

from services.volunteering.domain.series.feed import calendar_feed
from services.volunteering.domain.series.series import series
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (series, calendar_feed)
