"""The rules of the three lists (资源 需求 项目 三张清单)."""

from typing import Any

from services.volunteering.domain.lists.checked_in import checked_in
from services.volunteering.domain.lists.need import need
from services.volunteering.domain.lists.project import project
from services.volunteering.domain.lists.resource import resource
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (resource, need, project, checked_in)
