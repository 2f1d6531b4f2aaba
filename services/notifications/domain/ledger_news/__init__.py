"""Who must know of the ledger's events: a module per chapter."""

from services.notifications.domain.ledger_news import credentials, log

NEWS = (log, credentials)
