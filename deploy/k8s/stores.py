"""The store of a service: a MongoDBCommunity of its own, with a user for that service alone and one
that only backs it up.
"""

from __future__ import annotations

from deploy.compose.stores import ADDRESS, BACKUP, DATABASE, NOTES, ROLES
from deploy.k8s.manifest import Doc, manifest
from deploy.k8s.processes import spread
from deploy.local.servers import TRANSACTION_SECONDS

PORT = 27017
MEMBERS = 3
VERSION = "7.0.21"
URI_KEY = "connectionString.standard"
"""Under which the operator writes the address, with user and password, that the service is given.
"""


def store(service: str) -> str:
    """The name of a service's store."""
    return ADDRESS.format(service)


def password_secret(service: str, user: str) -> str:
    """Where the password of a user of the service's store is."""
    return f"{_called(service, user)}-password"


def uri_secret(service: str, user: str) -> str:
    """Where the operator writes the store's address for a user."""
    return f"{_called(service, user)}-uri"


def _called(service: str, user: str) -> str:
    return store(service) if user == service else f"{store(service)}-{user}"


def pods(service: str) -> Doc:
    """The members of a store, as the operator labels them."""
    return {"matchLabels": {"app": f"{store(service)}-svc"}}


def mongodb(service: str) -> Doc:
    """Three members with durable disks, apart from each other."""
    database = DATABASE.format(service)
    own = [_role(role, database) for role in ROLES]
    users = [
        _user(service, service, database, own),
        _user(service, BACKUP, database, [_role(BACKUP, database)]),
    ]
    collection, actions = NOTES
    backing_up: Doc = {
        "role": BACKUP,
        "db": database,
        "privileges": [
            {"resource": {"db": database, "collection": collection}, "actions": list(actions)}
        ],
        "roles": [_role("read", database)],
    }
    members: Doc = {
        "template": {
            "spec": {
                "topologySpreadConstraints": [
                    spread("topology.kubernetes.io/zone", pods(service)),
                    spread("kubernetes.io/hostname", pods(service)),
                ],
                "containers": [
                    {
                        "name": "mongod",
                        "resources": {
                            "requests": {"cpu": "250m", "memory": "1Gi"},
                            "limits": {"cpu": "2", "memory": "2Gi"},
                        },
                    },
                    {
                        "name": "mongodb-agent",
                        "resources": {
                            "requests": {"cpu": "50m", "memory": "200Mi"},
                            "limits": {"cpu": "500m", "memory": "400Mi"},
                        },
                    },
                ],
            }
        },
        "volumeClaimTemplates": [_claim("data-volume", "20Gi"), _claim("logs-volume", "2Gi")],
    }
    spec: Doc = {
        "members": MEMBERS,
        "type": "ReplicaSet",
        "version": VERSION,
        "security": {"authentication": {"modes": ["SCRAM"]}, "roles": [backing_up]},
        "users": users,
        # What a killed service left open would block the streams it touched for 60 s.
        "additionalMongodConfig": {
            "setParameter": {"transactionLifetimeLimitSeconds": TRANSACTION_SECONDS}
        },
        "statefulSet": {"spec": members},
    }
    return manifest("mongodbcommunity.mongodb.com/v1", "MongoDBCommunity", store(service), spec)


def _user(service: str, name: str, database: str, roles: list[Doc]) -> Doc:
    return {
        "name": name,
        "db": database,
        "passwordSecretRef": {"name": password_secret(service, name), "key": "password"},
        "roles": roles,
        "scramCredentialsSecretName": f"{_called(service, name)}-user",
        "connectionStringSecretName": uri_secret(service, name),
    }


def _role(role: object, database: str) -> Doc:
    match role:
        case {"role": name, "db": elsewhere}:
            return {"name": name, "db": elsewhere}
    return {"name": role, "db": database}


def _claim(name: str, size: str) -> Doc:
    return {
        "metadata": {"name": name},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": size}},
        },
    }
