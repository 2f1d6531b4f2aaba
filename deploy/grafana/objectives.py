"""The service level objectives: kept or not, how fast their budgets burn, what is left."""

from deploy.grafana.board import Board, Form, Panel, Query, Row, lines
from deploy.prometheus import objectives
from deploy.prometheus.objectives import PERIOD, Objective


def _left(objective: Objective) -> Query:
    """Of the budget of 30 days, the share that is left: all of it where nothing came, below nought
    where it is overdrawn.
    """
    errors = f"(({objective.errors(PERIOD)}) or vector(0))"
    return Query(f"1 - {errors} / {objective.budget}", objective.slo)


OBJECTIVES = Board(
    "jinlin-objectives",
    "近邻 服务目标 SLO",
    "What is promised stands in deploy/prometheus/objectives.py. No traffic, no figure.",
    (
        Row(
            "预算 Budgets",
            (
                Panel(
                    "剩余预算 budget left of 30 days",
                    tuple(map(_left, objectives.OBJECTIVES)),
                    unit="percentunit",
                    form=Form.BARS,
                    width=12,
                    low_is_bad=True,
                    amber=0.5,
                    red=0.1,
                ),
                Panel(
                    "目标 objectives",
                    (Query("slo:objective:ratio", "{{slo}}"),),
                    unit="percentunit",
                    form=Form.BARS,
                    width=12,
                ),
            ),
        ),
        Row(
            "消耗 Burning",
            tuple(
                lines(
                    f"消耗速度 {window} times as fast as it may",
                    Query(
                        f"slo:errors:ratio_rate{window} / on (slo) (1 - slo:objective:ratio)",
                        "{{slo}}",
                    ),
                    amber=1,
                    red=red,
                    width=12,
                )
                for window, red in (("1h", 14.4), ("6h", 6.0))
            ),
        ),
    ),
    span="7d",
)
