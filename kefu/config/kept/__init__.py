"""The page cache of one web process: pages that are the same for everybody, answered before Django is asked."""
