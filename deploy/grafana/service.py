"""One service, chosen above: requests, commands, store, events, deadlines."""

from deploy.grafana.board import Board, Query, Row, lines, number, quantiles

OF = 'service="$service"'

SERVICE = Board(
    "jinlin-service",
    "近邻 单个服务 Service",
    "One service. `none` among routes is what matches no template: health, metrics, wrong paths.",
    (
        Row(
            "现在 Now",
            (
                number(
                    "转发主进程 relay leaders",
                    f"sum(jinlin_relay_leader{{{OF}}})",
                    low_is_bad=True,
                    red=1,
                ),
                number(
                    "待发布 relay lag", f"max(jinlin_relay_lag_seconds{{{OF}}})", unit="s", red=30
                ),
                number(
                    "待处理事件 events waiting",
                    f"sum(jinlin_group_lag{{{OF}}}) or vector(0)",
                    amber=1_000,
                ),
                number(
                    "死信 dead letters",
                    f"max(jinlin_dead_letters_unresolved{{{OF}}}) or vector(0)",
                    amber=1,
                ),
                number(
                    "逾期时限 deadlines late by",
                    f"max(jinlin_due_late_seconds{{{OF}}})",
                    unit="s",
                    red=60,
                ),
                number(
                    "内存 memory",
                    "max(process_resident_memory_bytes "
                    f"and on (instance) jinlin_relay_leader{{{OF}}})",
                    unit="bytes",
                ),
            ),
        ),
        Row(
            "请求与命令 Requests and commands",
            (
                lines(
                    "每秒请求 requests a second",
                    Query(
                        "sum by (method, route, status) "
                        f"(rate(jinlin_http_requests_total{{{OF}}}[$__rate_interval])) > 0",
                        "{{method}} {{route}} {{status}}",
                    ),
                    unit="reqps",
                    width=12,
                ),
                lines(
                    "耗时 time to answer, p99 by route",
                    Query(
                        "histogram_quantile(0.99, sum by (le, method, route) "
                        f"(rate(jinlin_http_seconds_bucket{{{OF}}}[$__rate_interval])))",
                        "{{method}} {{route}}",
                    ),
                    unit="s",
                    width=12,
                ),
                lines(
                    "命令 commands",
                    Query(
                        "sum by (aggregate, verb, outcome) "
                        f"(rate(jinlin_commands_total{{{OF}}}[$__rate_interval])) or vector(0)",
                        "{{aggregate}} {{verb}} {{outcome}}",
                    ),
                    unit="ops",
                    width=12,
                ),
                lines(
                    "状态 aggregates by status",
                    Query(
                        f"max by (kind, status) (jinlin_aggregates_by_status{{{OF}}}) or vector(0)",
                        "{{kind}} {{status}}",
                    ),
                    width=12,
                ),
            ),
        ),
        Row(
            "库 Store",
            (
                lines(
                    "写入耗时 time of a transaction",
                    *quantiles("jinlin_commit_batch_seconds", OF),
                    unit="s",
                ),
                lines(
                    "每批提交 commits in a transaction",
                    Query(
                        f"sum(rate(jinlin_commit_batch_size_sum{{{OF}}}[$__rate_interval])) "
                        f"/ sum(rate(jinlin_commit_batch_size_count{{{OF}}}[$__rate_interval]))",
                        "平均 mean",
                    ),
                ),
                lines(
                    "连接 connections of the primary",
                    Query(
                        f'max(jinlin_store_connections{{{OF},state="current"}}) or vector(0)',
                        "使用 in use",
                    ),
                ),
            ),
        ),
        Row(
            "事件与时限 Events and deadlines",
            (
                lines(
                    "发布 published a second",
                    Query(
                        f"sum(rate(jinlin_relay_published_total{{{OF}}}[$__rate_interval]))",
                        "发布 published",
                    ),
                    unit="ops",
                ),
                lines(
                    "处理 handled a second",
                    Query(
                        "sum by (outcome) "
                        f"(rate(jinlin_events_handled_total{{{OF}}}[$__rate_interval])) "
                        "or vector(0)",
                        "{{outcome}}",
                    ),
                    unit="ops",
                ),
                lines(
                    "时限 ticks",
                    Query(
                        "sum by (kind, outcome) "
                        f"(rate(jinlin_ticks_total{{{OF}}}[$__rate_interval])) or vector(0)",
                        "{{kind}} {{outcome}}",
                    ),
                    unit="ops",
                ),
            ),
        ),
    ),
    per_service=True,
)
