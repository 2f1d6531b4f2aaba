"""community over HTTP: a module per collection, each with its table and its queries."""

from fastapi import APIRouter

from services.community.api import places, posts, residents

APIS = (places.places_api, posts.posts_api, residents.residents_api)

queries = APIRouter()
for module in (places, posts, residents):
    queries.include_router(module.queries)
