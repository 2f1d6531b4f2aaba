"""Where is every event: from the commit by relay and topic to its effect in other services."""

from deploy.grafana.board import Board, Form, Query, Row, lines, quantiles

PIPELINE = Board(
    "jinlin-pipeline",
    "近邻 事件流 Pipeline",
    "From left to right as an event goes: written, published, in its topic, handled, told.",
    (
        Row(
            "一 提交到发布 From commit to topic",
            (
                lines(
                    "提交 commits a second",
                    Query(
                        "sum by (service) (rate(jinlin_commit_batch_size_sum[$__rate_interval]))",
                        "{{service}}",
                    ),
                    unit="ops",
                    form=Form.STACKED,
                ),
                lines(
                    "等待发布 waiting for Kafka",
                    Query("max by (service) (jinlin_relay_lag_seconds)", "{{service}}"),
                    unit="s",
                    red=30,
                ),
                lines(
                    "发布耗时 from commit to acknowledged",
                    *quantiles("jinlin_relay_delay_seconds", ""),
                    unit="s",
                ),
                lines(
                    "主进程 leaders of relays",
                    Query("sum by (service) (jinlin_relay_leader)", "{{service}}"),
                ),
                lines(
                    "发布受阻 pauses of relays",
                    Query(
                        "sum by (service, reason) (rate(jinlin_relay_retries_total"
                        "[$__rate_interval])) or vector(0)",
                        "{{service}} {{reason}}",
                    ),
                ),
                lines(
                    "主题写入 written to topics a second",
                    Query(
                        "sum by (topic) (deriv(jinlin_topic_messages[5m])) > 0 or vector(0)",
                        "{{topic}}",
                    ),
                    unit="ops",
                ),
            ),
        ),
        Row(
            "二 主题到效果 From topic to effect",
            (
                lines(
                    "积压 waiting, by subscriber and topic",
                    Query("sum by (service, topic) (jinlin_group_lag)", "{{service}} ← {{topic}}"),
                    amber=1_000,
                ),
                lines(
                    "处理 handled a second",
                    Query(
                        "sum by (service) (rate(jinlin_events_handled_total"
                        '{outcome="handled"}[$__rate_interval]))',
                        "{{service}}",
                    ),
                    unit="ops",
                    form=Form.STACKED,
                ),
                lines(
                    "到达耗时 from event to effect, p99",
                    Query(
                        "histogram_quantile(0.99, sum by (le, service) "
                        "(rate(jinlin_event_delay_seconds_bucket[$__rate_interval])))",
                        "{{service}}",
                    ),
                    unit="s",
                    red=5,
                ),
                lines(
                    "重试 second and later tries",
                    Query(
                        "sum by (service, cause) (rate(jinlin_event_retries_total"
                        "[$__rate_interval])) or vector(0)",
                        "{{service}} {{cause}}",
                    ),
                    unit="ops",
                ),
                lines(
                    "死信 dead letters, unresolved",
                    Query("max by (service) (jinlin_dead_letters_unresolved)", "{{service}}"),
                    red=1,
                ),
                lines(
                    "逾期时限 deadlines late by",
                    Query("max by (service) (jinlin_due_late_seconds)", "{{service}}"),
                    unit="s",
                    red=60,
                ),
            ),
        ),
        Row(
            "三 到人 To people",
            (
                lines(
                    "入收件箱耗时 from event to inbox",
                    *quantiles("jinlin_event_delay_seconds", 'service="notifications"'),
                    unit="s",
                ),
                lines(
                    "投递 letters by way and outcome",
                    Query(
                        "sum by (way, outcome) (rate(jinlin_deliveries_total[$__rate_interval])) "
                        "or vector(0)",
                        "{{way}} {{outcome}}",
                    ),
                    unit="ops",
                ),
                lines(
                    "等待投递 waiting for a way",
                    Query(
                        "max by (way) (jinlin_deliveries_waiting) or vector(0)",
                        "{{way}}",
                    ),
                ),
                lines(
                    "渠道 ways that are provided",
                    Query("max by (way) (jinlin_way_available)", "{{way}}"),
                ),
                lines(
                    "回调 webhook calls by outcome",
                    Query(
                        "sum by (outcome) (rate(jinlin_webhook_calls_total[$__rate_interval])) "
                        "or vector(0)",
                        "{{outcome}}",
                    ),
                    unit="ops",
                ),
                lines(
                    "回调失败 webhooks that fail",
                    Query("sum(jinlin_webhooks_failing)", "失败 failing"),
                ),
            ),
        ),
    ),
    span="1h",
)
