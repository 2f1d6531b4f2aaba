"""Over HTTP: hours served, certificates of them, figures and honours."""

from services.volunteering.api.hours import certificates, honours, records, statistics
from shared.runtime.api import AggregateApi
from shared.runtime.own_data import Held
from shared.runtime.queries import Queries

APIS: tuple[AggregateApi, ...] = (records.records_api, certificates.certificates_api)
QUERIES: tuple[Queries, ...] = (
    records.queries,
    certificates.queries,
    statistics.queries,
    honours.queries,
)
HELD: tuple[Held, ...] = (
    Held(records.records_api, "volunteer"),
    Held(certificates.certificates_api, "volunteer"),
)
