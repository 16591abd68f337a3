"""Public pages: how fast they come from the page cache, beside nginx with the same bytes and beside the page drawn anew."""
