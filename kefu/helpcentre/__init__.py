"""Articles, categories and their search pages: the answer before the question."""
