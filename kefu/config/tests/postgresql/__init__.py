"""PostgreSQL for tests, emptied in milliseconds."""
