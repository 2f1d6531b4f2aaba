"""Petitions over HTTP: a module per collection, each with its table and its queries."""

from services.petitions.api import (
    attachments,
    categories,
    consultations,
    desk,
    duplicates,
    hot_topics,
    importing,
    my_data,
    petitions,
    public,
    receipts,
    statistics,
    voices,
    whistles,
)

APIS = (petitions.petitions_api, categories.categories_api, whistles.whistles_api)

QUERIES = (
    consultations.queries,
    desk.queries,
    whistles.queries,
    petitions.queries,
    voices.queries,
    categories.queries,
    duplicates.queries,
    hot_topics.queries,
    importing.queries,
    my_data.queries,
    public.queries,
    receipts.queries,
    attachments.queries,
    statistics.queries,
)
