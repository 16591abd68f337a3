"""The verbs, a file for each thing people do."""
