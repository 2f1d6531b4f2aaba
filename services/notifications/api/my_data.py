"""What notifications holds about the caller."""

from services.notifications.api import preferences
from services.notifications.api.inbox import messages_api
from shared.runtime.own_data import Held, own_data

own = own_data((Held(messages_api, "recipient"), *preferences.HELD))
"""`GET /my-data`: the messages to the caller, and how they want to be told."""

QUERIES = (own,)
