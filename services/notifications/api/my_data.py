"""What notifications holds about the caller."""

from services.notifications.api.inbox import messages_api
from shared.runtime.own_data import Held, own_data

own = own_data((Held(messages_api, "recipient"),))
"""`GET /my-data`: the messages to the caller."""

QUERIES = (own,)
