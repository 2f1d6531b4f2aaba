"""For every alert: figures at which it fires, and figures at which it must not.

Series are in promtool's notation: ``0+60x90`` begins with nought and grows by 60 ninety times.
"""

from __future__ import annotations

from dataclasses import dataclass

POSTS = 'jinlin_http_requests_total{service="gateway",method="POST",route="/api/petitions",status='
FILING = '{service="petitions",method="POST",route="/petitions"'
DELAY = 'service="notifications",source="petitions"'


@dataclass(frozen=True, slots=True)
class Case:
    """At the time `at` of these series the alert `fires`, for so many combinations of labels, or
    does not (0). `step` is the time between two values and two looks at the rules.
    """

    alert: str
    fires: int
    at: str
    series: dict[str, str]
    step: str = "1m"


def _burning(
    alert: str, all: str, good: str, bad_share: tuple[float, float], slow: bool
) -> tuple[Case, Case]:
    """Fires at a share of bad ones, and does not at another; a thousand come in each step."""
    step, steps, at = ("1h", 31, "30h") if slow else ("1m", 70, "65m")
    fire, quiet = (
        {all: f"0+1000x{steps}", good: f"0+{1000 * (1 - bad):g}x{steps}"} for bad in bad_share
    )
    return Case(alert, 1, at, fire, step), Case(alert, 0, at, quiet, step)


def _availability(alert: str, bad_share: tuple[float, float], slow: bool) -> tuple[Case, Case]:
    step, steps, at = ("1h", 31, "30h") if slow else ("1m", 70, "65m")
    fire, quiet = (
        {
            f'{POSTS}"2xx"}}': f"0+{1000 * (1 - bad):g}x{steps}",
            f'{POSTS}"5xx"}}': f"0+{1000 * bad:g}x{steps}",
        }
        for bad in bad_share
    )
    return Case(alert, 1, at, fire, step), Case(alert, 0, at, quiet, step)


def _level(alert: str, series: str, above: float, below: float, wait: int = 30) -> list[Case]:
    """A figure that stands above a limit for a time, or below."""
    return [
        Case(alert, 1, f"{wait}m", {series: f"{above}x{wait + 1}"}),
        Case(alert, 0, f"{wait}m", {series: f"{below}x{wait + 1}"}),
    ]


def _objectives() -> list[Case]:
    latency = (
        f"jinlin_http_seconds_count{FILING}}}",
        f'jinlin_http_seconds_bucket{FILING},le="0.25"}}',
    )
    delivered = (
        'jinlin_event_delay_seconds_count{service="ledger",source="petitions"}',
        'jinlin_event_delay_seconds_bucket{service="ledger",source="petitions",le="5.0"}',
    )
    told = (
        f"jinlin_event_delay_seconds_count{{{DELAY}}}",
        f'jinlin_event_delay_seconds_bucket{{{DELAY},le="60.0"}}',
    )
    urgent = (
        'jinlin_delivery_seconds_count{service="notifications",way="sms",lane="urgent"}',
        'jinlin_delivery_seconds_bucket{service="notifications",way="sms",lane="urgent",le="60.0"}',
    )
    return [
        *_availability("AcceptAvailabilityBurnsFast", (0.02, 0.005), slow=False),
        *_availability("AcceptAvailabilityBurnsSlowly", (0.002, 0.0005), slow=True),
        *_burning("AcceptLatencyBurnsFast", *latency, (0.2, 0.05), slow=False),
        *_burning("AcceptLatencyBurnsSlowly", *latency, (0.02, 0.005), slow=True),
        *_burning("EventDeliveryBurnsFast", *delivered, (0.02, 0.005), slow=False),
        *_burning("EventDeliveryBurnsSlowly", *delivered, (0.002, 0.0005), slow=True),
        *_burning("NotificationBurnsFast", *told, (0.02, 0.005), slow=False),
        *_burning("NotificationBurnsSlowly", *told, (0.002, 0.0005), slow=True),
        *_burning("UrgentDeliveryBurnsFast", *urgent, (0.2, 0.05), slow=False),
        *_burning("UrgentDeliveryBurnsSlowly", *urgent, (0.02, 0.005), slow=True),
        # What was bad an hour ago and is good now wakes nobody any more.
        Case(
            "AcceptAvailabilityBurnsFast",
            0,
            "65m",
            {f'{POSTS}"2xx"}}': "0+1000x70", f'{POSTS}"5xx"}}': "0+100x20 2000x50"},
        ),
    ]


def _pipeline() -> list[Case]:
    lag = 'jinlin_group_lag{service="notifications",topic="petitions.events.v1"}'
    ticks = 'jinlin_ticks_total{service="petitions",kind="whistle",outcome="%s"}'
    upstream = 'jinlin_upstream_open{service="gateway",upstream="ledger"}'
    due = 'jinlin_due_late_seconds{service="petitions",kind="petition"}'
    leader = 'jinlin_relay_leader{service="petitions",instance="%s"}'
    return [
        *_level("ServiceDown", 'up{job="jinlin",instance="petitions:8102"}', 0, 1, 3),
        *_level("UpstreamLeftAlone", upstream, 1, 0, 3),
        Case("RelayWithoutLeader", 1, "3m", {leader % "a": "0x4", leader % "b": "0x4"}),
        Case("RelayWithoutLeader", 0, "3m", {leader % "a": "0x4", leader % "b": "1x4"}),
        *_level("RelayBehind", 'jinlin_relay_lag_seconds{service="petitions"}', 45, 5, 5),
        Case("LagGrows", 1, "30m", {lag: "0+200x30"}),
        Case("LagGrows", 0, "30m", {lag: "9000-200x30"}),
        Case("LagGrows", 0, "30m", {lag: "0+10x30"}),
        Case("EventsStuck", 1, "20m", {lag: "7x20"}),
        Case("EventsStuck", 0, "20m", {lag: "7 0 7 3 7 0 9 2 7 0 7 3 7 0 9 2 7 0 7 3 7"}),
        Case("EventsStuck", 0, "20m", {lag: "0x20"}),
        *_level("DeadLetters", 'jinlin_dead_letters_unresolved{service="petitions"}', 1, 0, 1),
        *_level("DueBacklog", due, 90, 2, 10),
        Case("TicksFail", 1, "10m", {ticks % "failed": "0+1x10"}),
        Case("TicksFail", 0, "10m", {ticks % "done": "0+1x10"}),
        *_level("LogNotSigned", 'jinlin_due_late_seconds{service="ledger",kind="log"}', 90, 1, 5),
        *_level("CalendarUnannounced", 'jinlin_calendar_unannounced_year{year="2031"}', 1, 0, 1),
    ]


def _governance() -> list[Case]:
    open = 'jinlin_petitions_open{service="petitions",level="street",pace="%s"}'
    return [
        *_level("PetitionsOverdue", open % "overdue", 3, 0),
        Case("PetitionsLate", 1, "45m", {open % "late": "30x50", open % "in-time": "50x50"}),
        Case("PetitionsLate", 0, "45m", {open % "late": "30x50", open % "in-time": "500x50"}),
        Case("PetitionsLate", 0, "45m", {open % "late": "5x50", open % "in-time": "1x50"}),
        *_level(
            "ProviderAtRest", 'jinlin_providers_at_rest{service="notifications",way="sms"}', 1, 0
        ),
    ]


def _resources() -> list[Case]:
    disk = 'jinlin_store_disk_bytes{service="petitions",what="%s"}'
    broker = 'jinlin_kafka_disk_bytes{broker="1",what="%s"}'
    members = 'jinlin_store_members{service="petitions",state="%s"}'
    partitions = 'jinlin_kafka_%s_partitions{topic="petitions.events.v1"}'
    connections = 'jinlin_store_connections{service="petitions",state="%s"}'
    backup = 'jinlin_store_backup_seconds{service="petitions",instance="a"}'
    other = backup.replace('"a"', '"b"')
    daily, hourly = (
        {backup.replace("_backup_", "_backup_every_"): f"{seconds}x180"}
        for seconds in (86_400, 3600)
    )
    ends = 'jinlin_certificate_expires_timestamp_seconds{certificate="/run/tls/broker.pem"}'
    day = 86_400
    return [
        Case("DiskFilling", 1, "20m", {disk % "used": "90x30", disk % "total": "100x30"}),
        Case("DiskFilling", 1, "5h", {broker % "used": "50+0.05x400", broker % "total": "100x400"}),
        Case("DiskFilling", 0, "20m", {disk % "used": "70x30", disk % "total": "100x30"}),
        Case("DiskFull", 1, "5m", {broker % "used": "97x10", broker % "total": "100x10"}),
        Case("DiskFull", 0, "5m", {broker % "used": "90x10", broker % "total": "100x10"}),
        *_level("StoreWithoutPrimary", members % "primary", 0, 1, 3),
        *_level("StoreMemberAway", members % "unreachable", 1, 0, 10),
        *(
            Case(
                "StoreConnectionsScarce",
                fires,
                "10m",
                {
                    connections % "current": f"{100 - left}x15",
                    connections % "available": f"{left}x15",
                },
            )
            for fires, left in ((1, 5), (0, 40))
        ),
        Case("BackupOld", 1, "27h", {backup: "0x60", **daily}, step="30m"),
        Case("BackupOld", 0, "27h", {backup: "0+1800x60", **daily}, step="30m"),
        # One process of the service has not looked since; another has.
        Case("BackupOld", 0, "27h", {backup: "0x60", other: "0+1800x60", **daily}, step="30m"),
        # Hours count where they are made each hour, and are nothing where it is each night.
        Case("BackupOld", 1, "4h", {backup: "0x180", **hourly}, step="2m"),
        Case("BackupOld", 0, "4h", {backup: "0x180", **daily}, step="2m"),
        *_level("KafkaAway", "jinlin_kafka_up", 0, 1, 3),
        *_level("PartitionsWithoutLeader", partitions % "leaderless", 2, 0, 3),
        *_level("PartitionsUnderreplicated", partitions % "underreplicated", 6, 0, 15),
        *_level("CertificateEndsSoon", ends, 10 * day, 60 * day, 1),
        *_level("CertificateEnds", ends, day, 10 * day, 1),
    ]


CASES = (*_objectives(), *_pipeline(), *_governance(), *_resources())
