"""Petitions over HTTP: a module per collection, each with its table and its queries."""

from fastapi import APIRouter

from services.petitions.api import petitions

APIS = (petitions.petitions_api,)

queries = APIRouter()
for module in (petitions,):
    queries.include_router(module.queries)
