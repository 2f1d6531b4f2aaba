"""Pages for everybody, signed in or not."""

from starlette.routing import BaseRoute

from services.gateway.pages.open import choices, figures, receipts, verifying

ROUTES: list[BaseRoute] = [
    *choices.ROUTES,
    *receipts.ROUTES,
    *figures.ROUTES,
    *verifying.ROUTES,
]
