"""Petitions over HTTP: a module per collection, each with its table and its queries."""

from services.petitions.api import (
    categories,
    consultations,
    duplicates,
    hot_topics,
    my_data,
    petitions,
    public,
    statistics,
    whistles,
)

APIS = (petitions.petitions_api, categories.categories_api, whistles.whistles_api)

QUERIES = (
    consultations.queries,
    whistles.queries,
    petitions.queries,
    categories.queries,
    duplicates.queries,
    hot_topics.queries,
    my_data.queries,
    public.queries,
    statistics.queries,
)
