"""What all services share: the public language (contracts) and what a service stands on (runtime)."""
