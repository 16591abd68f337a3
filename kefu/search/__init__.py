"""The index and its words; rooms say what is searchable."""
