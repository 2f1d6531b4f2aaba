"""The dashboards are those of their code. That their queries are answered: test_watched.py."""

from __future__ import annotations

import json

import yaml

from deploy.grafana.writing import DASHBOARDS, FOLDER, SOURCE, written
from deploy.local.layout import ROOT

PROVISIONING = ROOT / "deploy" / "grafana" / "provisioning"


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
        assert len({one["id"] for one in shown["panels"]}) == len(shown["panels"])
        assert len(panels) == sum(len(row.panels) for row in board.rows)
        for panel in panels:
            assert panel["title"]
            assert panel["targets"]
            assert panel["datasource"] == {"type": "prometheus", "uid": source["uid"]}
