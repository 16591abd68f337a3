"""`bin/bench chat`: durable messages a second through the real product, beside a reference and the bare limit."""
