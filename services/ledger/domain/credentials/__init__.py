"""The rules of credentials."""

from typing import Any

from services.ledger.domain.credentials.credential import credential
from services.ledger.domain.credentials.sealed_document import sealed_document
from services.ledger.domain.credentials.status_list import status_list
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (credential, sealed_document, status_list)
