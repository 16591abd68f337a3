"""The deposit tracer (SPEC H7): checked while typing, asked of the ledger, and only then a case."""
