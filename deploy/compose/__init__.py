"""What the compose file needs besides the services: secrets, replica sets, a rehearsal."""
