"""Kafka for other systems: certificates, a listener that asks who somebody is, users and rights."""
