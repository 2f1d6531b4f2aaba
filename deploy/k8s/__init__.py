"""Kubernetes: `base` is what every installation has, overlays say what is different in one.

Of `base` a file for each service, with all that the service has of its own, and a file for what
they share, are written by ``python -m deploy.k8s`` from what the code says of services, topics,
stores and alerts. Settings and overlays are written by hand. docs/guides/deploying.md
"""
