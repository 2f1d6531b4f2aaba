"""For the city's leaders: what residents wait for, whether it is answered in time, what is hot."""

from deploy.grafana.board import Board, Form, Panel, Query, Row, lines, number

OPEN = "max by (level, pace) (jinlin_petitions_open)"
ANSWERED = "max by (in_time) (jinlin_petitions_answered)"
RATED = "max by (stars) (jinlin_petitions_rated)"
GOOD = 'sum(max by (stars) (jinlin_petitions_rated{stars=~"3|4|5"}))'

GOVERNANCE = Board(
    "jinlin-governance",
    "近邻 治理 Governance",
    "Counted from all petitions every few minutes. Satisfied is who gave three stars or more.",
    (
        Row(
            "现在 Now",
            (
                number("未办结 open", f"sum({OPEN})"),
                number(
                    "逾期 overdue",
                    'sum(max by (level) (jinlin_petitions_open{pace="overdue"}))',
                    red=1,
                ),
                number(
                    "因超时升级 climbed because late",
                    'sum(max by (level) (jinlin_petitions_open{pace="late"}))',
                    amber=1,
                ),
                number(
                    "按时答复率 answered in time",
                    f'max(jinlin_petitions_answered{{in_time="yes"}}) / (sum({ANSWERED}) > 0)',
                    unit="percentunit",
                    low_is_bad=True,
                    amber=0.95,
                    red=0.8,
                ),
                number(
                    "满意率 satisfied",
                    f"{GOOD} / (sum({RATED}) > 0)",
                    unit="percentunit",
                    low_is_bad=True,
                    amber=0.9,
                    red=0.75,
                ),
                number("热点 hot topics", "max(jinlin_hot_topics)", amber=1),
            ),
        ),
        Row(
            "层级 Levels",
            (
                lines(
                    "各级未办结 open by level",
                    Query(f"sum by (level) ({OPEN})", "{{level}}"),
                    form=Form.STACKED,
                    width=12,
                ),
                lines(
                    "各级逾期 overdue by level",
                    Query('max by (level) (jinlin_petitions_open{pace="overdue"})', "{{level}}"),
                    red=1,
                    width=12,
                ),
            ),
        ),
        Row(
            "事项与评价 What it is about, and how it was judged",
            (
                Panel(
                    "未办结分类 open by category",
                    (
                        Query(
                            "sort_desc(max by (category) (jinlin_petitions_open_about))",
                            "{{category}}",
                        ),
                    ),
                    form=Form.BARS,
                ),
                Panel("评价 stars", (Query(f"sort_desc({RATED})", "{{stars}} ★"),), form=Form.BARS),
                lines(
                    "诉求状态 petitions by status",
                    Query(
                        'max by (status) (jinlin_aggregates_by_status{kind="petition"})',
                        "{{status}}",
                    ),
                ),
                lines(
                    "每小时新增 filed an hour",
                    Query(
                        "3600 * sum(rate(jinlin_commands_total"
                        '{aggregate="petition",verb="file",outcome="done"}[$__rate_interval]))',
                        "新增 filed",
                    ),
                ),
                lines(
                    "每小时答复 answered an hour",
                    Query(
                        "3600 * sum(rate(jinlin_commands_total"
                        '{aggregate="petition",verb="answer",outcome="done"}[$__rate_interval]))',
                        "答复 answered",
                    ),
                ),
                lines(
                    "热点 hot topics",
                    Query("max(jinlin_hot_topics)", "热点 hot"),
                ),
            ),
        ),
    ),
    span="30d",
)
