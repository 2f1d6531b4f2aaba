"""From boards to the JSON that Grafana reads."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path

from grafana_foundation_sdk.builders import (
    bargauge,
    common,
    dashboard,
    prometheus,
    stat,
    timeseries,
)
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import BigValueGraphMode, StackingMode, VizOrientation
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DataSourceRef,
    Threshold,
    ThresholdsMode,
    VariableRefresh,
)
from grafana_foundation_sdk.models.dashboard import Panel as PanelModel

from deploy.grafana.board import Board, Form, Panel
from deploy.grafana.governance import GOVERNANCE
from deploy.grafana.objectives import OBJECTIVES
from deploy.grafana.pipeline import PIPELINE
from deploy.grafana.platform import PLATFORM
from deploy.grafana.service import SERVICE

FOLDER = Path(__file__).with_name("dashboards")
DASHBOARDS = (PLATFORM, SERVICE, PIPELINE, GOVERNANCE, OBJECTIVES)
SOURCE = DataSourceRef(type_val="prometheus", uid="prometheus")
"""As provisioning/datasources names it."""
HEIGHTS = {Form.NUMBER: 4, Form.BARS: 8, Form.LINES: 8, Form.STACKED: 8}


def written(board: Board) -> str:
    """The dashboard's JSON."""
    return json.dumps(_built(board).build(), cls=JSONEncoder, ensure_ascii=False, indent=1) + "\n"


def _built(board: Board) -> dashboard.Dashboard:
    built = (
        dashboard.Dashboard(board.title)
        .uid(board.uid)
        .description(board.says)
        .tags(["jinlin"])
        .timezone("Asia/Shanghai")
        .time(f"now-{board.span}", "now")
        .refresh("30s")
        .readonly()
        .tooltip(DashboardCursorSync.CROSSHAIR)
    )
    if board.per_service:
        built.with_variable(
            dashboard.QueryVariable("service")
            .label("服务 service")
            .datasource(SOURCE)
            .query("label_values(jinlin_relay_leader, service)")
            .refresh(VariableRefresh.ON_DASHBOARD_LOAD)
        )
    ids = count(1)
    for row in board.rows:
        built.with_row(dashboard.Row(row.title).id(next(ids)))
        for panel in row.panels:
            built.with_panel(_panel(panel, next(ids)))
    return built


def _last() -> common.ReduceDataOptions:
    """Of a series its latest figure."""
    return common.ReduceDataOptions().calcs(["lastNotNull"])


def _panel(panel: Panel, id: int) -> Builder[PanelModel]:
    shown: timeseries.Panel | stat.Panel | bargauge.Panel
    match panel.form:
        case Form.NUMBER:
            shown = stat.Panel().graph_mode(BigValueGraphMode.AREA).reduce_options(_last())
        case Form.BARS:
            shown = bargauge.Panel().orientation(VizOrientation.HORIZONTAL).reduce_options(_last())
        case Form.LINES:
            shown = timeseries.Panel().fill_opacity(8).axis_soft_min(0)
        case Form.STACKED:
            stacking = common.StackingConfig().mode(StackingMode.NORMAL)
            shown = timeseries.Panel().fill_opacity(40).axis_soft_min(0).stacking(stacking)
    shown.id(id).title(panel.title).description(panel.says).datasource(SOURCE).unit(panel.unit)
    shown.height(HEIGHTS[panel.form]).span(panel.width).thresholds(_thresholds(panel))
    for n, query in enumerate(panel.queries):
        asked = prometheus.Dataquery().expr(query.expr).ref_id(chr(ord("A") + n))
        asked.legend_format(query.legend)
        if panel.form is Form.BARS:
            asked.instant()
        else:
            asked.range()
        shown.with_target(asked)
    return shown


def _thresholds(panel: Panel) -> dashboard.ThresholdsConfig:
    marks = [
        (value, color)
        for value, color in ((panel.amber, "orange"), (panel.red, "red"))
        if value is not None
    ]
    steps = [Threshold(value=None, color="green")]
    if panel.low_is_bad and marks:
        # Downwards: below the last mark it is bad, above the first one good.
        colors = [color for _, color in reversed(marks)] + ["green"]
        values = [None, *sorted(value for value, _ in marks)]
        steps = [Threshold(value=v, color=c) for v, c in zip(values, colors, strict=True)]
    else:
        steps += [Threshold(value=value, color=color) for value, color in sorted(marks)]
    return dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps)
