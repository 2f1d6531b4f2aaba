"""`make demo`: a neighbourhood's day, played over HTTP on the local run and then verified."""
