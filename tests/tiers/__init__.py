"""The tiers of bin/test: what each runs, what it needs, how long it may take, and what could not run."""
