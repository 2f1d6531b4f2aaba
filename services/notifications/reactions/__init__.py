"""Which events lead to which commands here, a module per chapter."""

from services.notifications.reactions import inbox, preferences
from shared.neighbourhood.reactions import learn_places
from shared.runtime.reactions import Reactions, joined

_places = Reactions()
learn_places(_places)

reactions = joined(_places, inbox.reactions, preferences.reactions)
