"""All metrics of the runtime, for /metrics. Labels are bounded words, never ids or anything
personal.

Every one has `service`: one process holds several services only in the simulation, but a number
should say whose it is wherever it is read.
"""

from prometheus_client import Counter, Gauge, Histogram

# --- relay -----------------------------------------------------------------------------------

RELAY_LEADER = Gauge(
    "jinlin_relay_leader", "1 where this process leads its service's relay", ["service"]
)
RELAY_LAG_EVENTS = Gauge(
    "jinlin_relay_lag_events",
    "Public events read from the commits and not yet acknowledged by the broker",
    ["service"],
)
RELAY_LAG_SECONDS = Gauge(
    "jinlin_relay_lag_seconds",
    "Age of the oldest commit that is read and not yet acknowledged by the broker",
    ["service"],
)
RELAY_DELAY = Histogram(
    "jinlin_relay_delay_seconds",
    "From a commit's time to the broker's acknowledgement of the batch it went with",
    ["service"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600),
)
RELAY_PUBLISHED = Counter(
    "jinlin_relay_published_total", "Public events acknowledged by the broker", ["service"]
)
RELAY_RETRIES = Counter(
    "jinlin_relay_retries_total",
    "Pauses of the relay by what was in the way: broker, store, position",
    ["service", "reason"],
)

# --- subscriber ------------------------------------------------------------------------------

EVENTS_HANDLED = Counter(
    "jinlin_events_handled_total",
    "Messages by type and outcome: handled, ignored, unknown, not-for-us, dead, unreadable",
    ["service", "type", "outcome"],
)
EVENT_SECONDS = Histogram(
    "jinlin_event_seconds",
    "Time to handle one event, retries included",
    ["service", "type"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60),
)
EVENT_DELAY = Histogram(
    "jinlin_event_delay_seconds",
    "From an event's time to its effect being stored here, by the service it came from; without "
    "what is sent again on purpose",
    ["service", "source"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600),
)
EVENT_RETRIES = Counter(
    "jinlin_event_retries_total",
    "Second and later tries by cause: store (for ever), error (bounded), broker (dead letters)",
    ["service", "cause"],
)
DEAD_LETTERS = Counter(
    "jinlin_dead_letters_total", "Messages put into the service's dead letter topic", ["service"]
)
DEAD_LETTERS_RESOLVED = Counter(
    "jinlin_dead_letters_resolved_total",
    "Dead letters on which somebody decided over HTTP, by outcome: replayed, dropped",
    ["service", "outcome"],
)
CONSUMER_LAG = Gauge(
    "jinlin_consumer_lag",
    "Messages in the partition that this service's group has not handled yet",
    ["service", "topic", "partition"],
)

# --- store -----------------------------------------------------------------------------------

COMMANDS = Counter(
    "jinlin_commands_total",
    "Commands by aggregate, verb and outcome: done, repeated, rejected, refused, failed",
    ["service", "aggregate", "verb", "outcome"],
)
COMMIT_SIZE = Histogram(
    "jinlin_commit_batch_size",
    "Commits written together in one transaction",
    ["service"],
    buckets=(1, 2, 4, 8, 16, 32, 64, 128),
)
COMMIT_SECONDS = Histogram(
    "jinlin_commit_batch_seconds",
    "Time of one transaction until it is durable",
    ["service"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
CONFLICTS = Counter(
    "jinlin_commit_conflicts_total",
    "Transactions that met a version or a cause taken by somebody else, and were split",
    ["service"],
)

STORE_MEMBERS = Gauge(
    "jinlin_store_members",
    "Members of the store's replica set by state as this process sees them: primary, secondary, "
    "unreachable, other",
    ["service", "state"],
)
STORE_CONNECTIONS = Gauge(
    "jinlin_store_connections",
    "Connections of the store's primary, all clients': current, available; only where the user "
    "may ask (role clusterMonitor)",
    ["service", "state"],
)
STORE_BYTES = Gauge(
    "jinlin_store_bytes", "Size of the service's database: data, indexes", ["service", "what"]
)
STORE_DISK_BYTES = Gauge(
    "jinlin_store_disk_bytes",
    "The file system below the store's primary: used, total",
    ["service", "what"],
)
STORE_BACKUP_SECONDS = Gauge(
    "jinlin_store_backup_seconds",
    "The moment of the store's last backup, in seconds since 1970; nought where there is none",
    ["service"],
)
STORE_BACKUP_EVERY_SECONDS = Gauge(
    "jinlin_store_backup_every_seconds",
    "How often backups of the store are made, as told with the last one; a day where nobody said",
    ["service"],
)

# --- HTTP ------------------------------------------------------------------------------------

HTTP_REQUESTS = Counter(
    "jinlin_http_requests_total",
    "Requests by route template, method and class of status (2xx, 4xx, 5xx)",
    ["service", "route", "method", "status"],
)
HTTP_SECONDS = Histogram(
    "jinlin_http_seconds",
    "From the request's head to the answer's end, by route template and method",
    ["service", "route", "method"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)

# --- ticker ----------------------------------------------------------------------------------

DUE_BACKLOG = Gauge(
    "jinlin_due_backlog",
    "Aggregates whose due time has passed, as found at the last look (a full batch at most)",
    ["service", "kind"],
)
DUE_LATE_SECONDS = Gauge(
    "jinlin_due_late_seconds",
    "How long ago the earliest of them was due",
    ["service", "kind"],
)
TICKS = Counter(
    "jinlin_ticks_total",
    "Due times acted upon, by outcome: done, failed",
    ["service", "kind", "outcome"],
)
AGGREGATES_BY_STATUS = Gauge(
    "jinlin_aggregates_by_status",
    "Stored aggregates by their status",
    ["service", "kind", "status"],
)

# --- petitions -------------------------------------------------------------------------------

PETITIONS_OPEN = Gauge(
    "jinlin_petitions_open",
    "Petitions that are not closed by the level that has them: in-time, late (a level let its "
    "deadline pass and another has them now), overdue (nobody is above)",
    ["service", "level", "pace"],
)
PETITIONS_OPEN_ABOUT = Gauge(
    "jinlin_petitions_open_about",
    "Petitions that are not closed by category of the first level",
    ["service", "category"],
)
PETITIONS_ANSWERED = Gauge(
    "jinlin_petitions_answered",
    "Petitions that were answered by whether the first answer came before any deadline had passed: "
    "yes, no",
    ["service", "in_time"],
)
PETITIONS_RATED = Gauge(
    "jinlin_petitions_rated", "Petitions by the stars they were given last", ["service", "stars"]
)
HOT_TOPICS = Gauge("jinlin_hot_topics", "Topics that are hot now", ["service"])

# --- delivery to people ----------------------------------------------------------------------

DELIVERIES = Counter(
    "jinlin_deliveries_total",
    "Letters by way and outcome: sent, not-now, failed, put-off, no-address",
    ["service", "way", "outcome"],
)
DELIVERY_SECONDS = Histogram(
    "jinlin_delivery_seconds",
    "From a message's posting to its being taken by a provider, by way and lane",
    ["service", "way", "lane"],
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200, 43200),
)
DELIVERIES_WAITING = Gauge(
    "jinlin_deliveries_waiting",
    "Messages that wait for a way, now or later (10,000 at most)",
    ["service", "way"],
)
PROVIDERS_AT_REST = Gauge(
    "jinlin_providers_at_rest",
    "Providers of a way that are left alone for a while because they are in trouble",
    ["service", "way"],
)
WAY_AVAILABLE = Gauge(
    "jinlin_way_available", "1 where the settings provide the way", ["service", "way"]
)

# --- webhooks --------------------------------------------------------------------------------

WEBHOOK_CALLS = Counter(
    "jinlin_webhook_calls_total",
    "Calls by what came of them: 2xx ... 5xx, unreachable, not-allowed",
    ["service", "outcome"],
)
WEBHOOK_SECONDS = Histogram(
    "jinlin_webhook_seconds",
    "Time of one call",
    ["service"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15),
)
WEBHOOK_DELAY = Histogram(
    "jinlin_webhook_delay_seconds",
    "From an event's time to its being taken by an endpoint",
    ["service"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600, 3_600, 86_400),
)
WEBHOOKS_FAILING = Gauge(
    "jinlin_webhooks_failing",
    "Webhooks with an event that was not taken and waits to be sent again, called by this process",
    ["service"],
)

# --- gateway ---------------------------------------------------------------------------------

UPSTREAM_REQUESTS = Counter(
    "jinlin_upstream_requests_total",
    "Requests to a service behind the gateway by what came of them: answered, timeout, "
    "unreachable, broken, left (by the caller), open (it is left alone), full",
    ["service", "upstream", "outcome"],
)
UPSTREAM_SECONDS = Histogram(
    "jinlin_upstream_seconds",
    "From a request to the head of the service's answer",
    ["service", "upstream"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
UPSTREAM_RETRIES = Counter(
    "jinlin_upstream_retries_total",
    "Requests that were sent a second time, because the connection broke before an answer",
    ["service", "upstream"],
)
UPSTREAM_OPEN = Gauge(
    "jinlin_upstream_open",
    "1 where a service is left alone for a while because it does not answer",
    ["service", "upstream"],
)
UPSTREAM_UNDER_WAY = Gauge(
    "jinlin_upstream_under_way",
    "Requests under way to a service, and answers of it that last",
    ["service", "upstream", "kind"],
)
LIMITED = Counter(
    "jinlin_limited_total",
    "Requests that were refused because their caller came too often",
    ["service", "group"],
)
