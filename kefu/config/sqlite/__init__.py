"""SQLite with one first-in-first-out write line per process in front of BEGIN (DESIGN 6)."""
