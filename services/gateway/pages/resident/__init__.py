"""Residents' pages."""

from starlette.routing import BaseRoute

from services.gateway.pages.resident import (
    activities,
    board,
    deeds,
    filing,
    home,
    inbox,
    me,
    my_data,
    petitions,
    preferences,
    volunteer,
    wishes,
)

ROUTES: list[BaseRoute] = [
    *home.ROUTES,
    *filing.ROUTES,
    *petitions.ROUTES,
    *deeds.ROUTES,
    *board.ROUTES,
    *inbox.ROUTES,
    *preferences.ROUTES,
    *activities.ROUTES,
    *wishes.ROUTES,
    *me.ROUTES,
    *volunteer.ROUTES,
    *my_data.ROUTES,
]
