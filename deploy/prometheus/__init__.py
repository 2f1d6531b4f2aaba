"""What Prometheus is given: scrape configuration, rules, and the service level objectives."""
