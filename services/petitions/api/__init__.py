"""Petitions over HTTP: a module per collection, each with its table and its queries."""

from services.petitions.api import (
    categories,
    duplicates,
    hot_topics,
    petitions,
    public,
    statistics,
)

APIS = (petitions.petitions_api, categories.categories_api)

QUERIES = (
    petitions.queries,
    categories.queries,
    duplicates.queries,
    hot_topics.queries,
    public.queries,
    statistics.queries,
)
