"""The platform at a glance: what is up, how much comes, what goes wrong, what it stands on."""

from deploy.grafana.board import Board, Form, Panel, Query, Row, lines, number, quantiles

PLATFORM = Board(
    "jinlin-platform",
    "近邻 平台总览 Platform",
    "All services at a glance. Each figure has its alert in deploy/prometheus/rules.",
    (
        Row(
            "现在 Now",
            (
                number("在线进程 processes up", 'sum(up{job="jinlin"})'),
                number(
                    "不可达 not reached",
                    'count(up{job="jinlin"} == 0) or vector(0)',
                    red=1,
                ),
                number(
                    "死信 dead letters",
                    "sum(jinlin_dead_letters_unresolved)",
                    amber=1,
                ),
                number(
                    "待处理事件 events waiting",
                    "sum(jinlin_group_lag)",
                    amber=1_000,
                    red=10_000,
                ),
                number(
                    "逾期时限 deadlines late by",
                    "max(jinlin_due_late_seconds)",
                    unit="s",
                    amber=10,
                    red=60,
                ),
                number(
                    "告警 alerts firing",
                    'count(ALERTS{alertstate="firing"}) or vector(0)',
                    red=1,
                ),
            ),
        ),
        Row(
            "请求 Requests",
            (
                lines(
                    "每秒请求 requests a second, at the gateway",
                    Query(
                        "sum by (status) "
                        '(rate(jinlin_http_requests_total{service="gateway"}[$__rate_interval]))',
                        "{{status}}",
                    ),
                    unit="reqps",
                ),
                lines(
                    "受理耗时 time to accept a petition",
                    *quantiles(
                        "jinlin_http_seconds",
                        'service="petitions",method="POST",route="/petitions"',
                    ),
                    unit="s",
                ),
                lines(
                    "网关到各服务 gateway to services, p99",
                    Query(
                        "histogram_quantile(0.99, sum by (le, upstream) "
                        "(rate(jinlin_upstream_seconds_bucket[$__rate_interval])))",
                        "{{upstream}}",
                    ),
                    unit="s",
                ),
                lines(
                    "命令 commands by outcome",
                    Query(
                        "sum by (outcome) (rate(jinlin_commands_total[$__rate_interval]))",
                        "{{outcome}}",
                    ),
                    unit="ops",
                ),
                lines(
                    "未答复 upstream requests without an answer",
                    Query(
                        "sum by (upstream, outcome) (rate(jinlin_upstream_requests_total"
                        '{outcome!="answered"}[$__rate_interval]))',
                        "{{upstream}} {{outcome}}",
                    ),
                    unit="reqps",
                ),
                lines(
                    "限流 refused as too many",
                    Query(
                        "sum by (group) (rate(jinlin_limited_total[$__rate_interval])) "
                        "or vector(0)",
                        "{{group}}",
                    ),
                    unit="reqps",
                ),
            ),
        ),
        Row(
            "底座 What it stands on",
            (
                Panel(
                    "磁盘 disks used",
                    (Query("disk:used:ratio", "{{of}}"),),
                    unit="percentunit",
                    form=Form.BARS,
                    amber=0.85,
                    red=0.95,
                ),
                lines(
                    "副本集成员 members of replica sets",
                    Query(
                        "max by (service, state) (jinlin_store_members) > 0",
                        "{{service}} {{state}}",
                    ),
                ),
                lines(
                    "库大小 size of stores",
                    Query(
                        "sum by (service) (max by (service, what) (jinlin_store_bytes))",
                        "{{service}}",
                    ),
                    unit="bytes",
                ),
                lines(
                    "内存 memory",
                    Query('process_resident_memory_bytes{job="jinlin"}', "{{instance}}"),
                    unit="bytes",
                ),
                lines(
                    "处理器 processor",
                    Query(
                        'rate(process_cpu_seconds_total{job="jinlin"}[$__rate_interval])',
                        "{{instance}}",
                    ),
                    unit="percentunit",
                ),
                lines(
                    "Kafka 分区 partitions in trouble",
                    Query("sum(jinlin_kafka_leaderless_partitions)", "无主 without leader"),
                    Query("sum(jinlin_kafka_underreplicated_partitions)", "缺副本 replicas behind"),
                ),
            ),
        ),
    ),
)
