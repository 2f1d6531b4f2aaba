"""Which events lead to which commands here, a module per chapter."""

from services.ledger.reactions import credentials, log
from shared.runtime.reactions import joined

reactions = joined(log.reactions, credentials.reactions)
