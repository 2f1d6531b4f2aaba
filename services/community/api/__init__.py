"""community over HTTP: a module per collection, each with its table and its queries."""

from services.community.api import places, posts, residents

APIS = (places.places_api, posts.posts_api, residents.residents_api)

QUERIES = (places.queries, posts.queries, residents.queries)
