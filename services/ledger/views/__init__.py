"""Queries over the stored states and their indexes, a module per chapter."""

from services.ledger.views import credentials, log

KINDS = (*log.KINDS, *credentials.KINDS)
