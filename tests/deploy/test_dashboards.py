"""The dashboards: written from their code, and every query answered by a real Prometheus that has
scraped the running platform.
"""

from __future__ import annotations

import json
from functools import partial

import pytest
import yaml

from deploy.grafana.board import Board
from deploy.grafana.writing import DASHBOARDS, FOLDER, SOURCE, written
from deploy.local.layout import ROOT
from tests.deploy.watched import SCRAPED_WITHIN, Watched
from tests.e2e.waiting import until

PROVISIONING = ROOT / "deploy" / "grafana" / "provisioning"
SHOWN_OF = ("petitions", "notifications")
"""What ``$service`` stands for while the queries are tried."""


def queries(board: Board) -> list[str]:
    """The queries of all panels of a dashboard, as they are in its JSON."""
    panels = json.loads((FOLDER / f"{board.uid}.json").read_text())["panels"]
    return [one["expr"] for panel in panels for one in panel.get("targets", ())]


def test_the_dashboards_are_up_to_date() -> None:
    for board in DASHBOARDS:
        assert (FOLDER / f"{board.uid}.json").read_text() == written(board), (
            "python -m deploy.grafana"
        )
    assert {file.stem for file in FOLDER.glob("*.json")} == {board.uid for board in DASHBOARDS}


def test_every_panel_has_a_title_a_query_and_the_data_source_that_is_provided() -> None:
    (source,) = yaml.safe_load((PROVISIONING / "datasources" / "prometheus.yml").read_text())[
        "datasources"
    ]
    assert source["uid"] == SOURCE.uid
    for board in DASHBOARDS:
        shown = json.loads((FOLDER / f"{board.uid}.json").read_text())
        panels = [one for one in shown["panels"] if one["type"] != "row"]
        assert len(panels) == sum(len(row.panels) for row in board.rows)
        for panel in panels:
            assert panel["title"]
            assert panel["targets"]
            assert panel["datasource"] == {"type": "prometheus", "uid": source["uid"]}


@pytest.mark.slow
@pytest.mark.parametrize("board", DASHBOARDS, ids=lambda board: board.uid)
def test_every_query_is_answered_by_a_prometheus_that_watches(
    watched: Watched, board: Board
) -> None:
    for query in queries(board):
        for name in SHOWN_OF if board.per_service else ("",):
            asked = query.replace("$service", name)
            until(partial(watched.figures, asked), f"{board.uid}: {asked}", SCRAPED_WITHIN)
