"""Our speed beside a reference and a limit, in the same run; docs/developers/measuring.md says how to read it."""
