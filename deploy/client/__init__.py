"""The client for other systems as a wheel of its own, without the platform around it."""
