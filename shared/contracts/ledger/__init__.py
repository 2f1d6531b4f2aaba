"""The public events of **ledger**: a module per chapter. Codes, ids, digests, times and numbers."""
