"""community over HTTP: a module per collection, each with its table and its queries."""

from services.community.api import (
    alliances,
    my_data,
    organisations,
    places,
    posts,
    residents,
    rota,
    visits,
)

APIS = (
    places.places_api,
    posts.posts_api,
    residents.residents_api,
    organisations.organisations_api,
    alliances.alliances_api,
    alliances.promises_api,
    alliances.check_ins_api,
    visits.visits_api,
    rota.rotas_api,
)

QUERIES = (
    places.queries,
    posts.queries,
    residents.queries,
    organisations.queries,
    alliances.queries,
    visits.queries,
    rota.queries,
    my_data.queries,
)
