"""The rules of mediators (和事佬) and 4+X panels."""

from typing import Any

from services.mediation.domain.panels.answers import answers
from services.mediation.domain.panels.mediator import mediator
from services.mediation.domain.panels.panel import panel
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (mediator, panel, answers)
