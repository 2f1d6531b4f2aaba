"""Who is answered a query about one thing: notes of the access matrix a second time, as policies.

A query without an entry answers whoever may see the thing.
"""

from collections.abc import Mapping

from services.mediation.api.agreements import table as agreements_table
from services.volunteering.access import (
    STAFF,
    convenor_there,
    found_it,
    has_a_place,
    its_keepers,
    its_leaders,
    organises,
    patrols,
    reads_care,
    staff_there,
    the_dispatcher,
)
from shared.runtime.policies import Policy, owner, within_place

staff_of_the_place = within_place(*STAFF)
convenor_of_the_place = within_place("community-staff", "street-staff")
visitors = within_place("area-staff", "community-staff", "grid-worker", "neighbourhood-staff")

NARROWED: Mapping[str, Policy] = {
    "/residents/{id}/readings": owner("resident"),
    "/residents/{id}/export": owner("resident"),
    "/visits/{id}/notes?purpose=supervision": owner("resident") | visitors,
    "/visits/{id}/readings": owner("resident") | owner("keeper"),
    "/petitions/{id}/candidates": staff_of_the_place,
    "/teams/{id}/members": its_leaders | staff_there,
    "/teams/{id}/applicants": its_leaders | staff_there,
    "/volunteers/{id}/readings": owner("person"),
    "/activities/{id}/people": organises | staff_there,
    "/activities/{id}/check-in-code": organises,
    "/activities/{id}/contact": has_a_place | organises | staff_there,
    "/certificates/{id}/document": owner("volunteer"),
    "/needs/{id}/matches": staff_there,
    "/orders/{id}/candidates": staff_there | the_dispatcher,
    "/patrol-routes/{id}/signs": organises | staff_there,
    "/patrol-findings/{id}/petition": found_it | patrols | organises | staff_there,
    "/care-plans/{id}/readings?purpose=supervision": reads_care,
    "/care-plans/{id}/readers": reads_care,
    "/accounts/{id}/received": its_keepers,
    "/accounts/{id}/passbook": its_keepers | convenor_there,
    "/accounts/{id}/till-code": its_keepers,
    "/agreements/{id}/differences?from=1&to=1": agreements_table.is_in_it,
    "/agreements/{id}/sign-code": agreements_table.holders,
    "/panels/{id}/suggestions": convenor_of_the_place,
    "/panels/{id}/candidates?seat=lawyer": convenor_of_the_place,
}
"""By path, with what has to be asked along."""
OF_THE_DOSSIER = frozenset({"/petitions/{id}/attachments"})
"""Queries that answer whoever is shown the thing's dossier."""
