"""`bin/bench idle`: what an idle socket costs, and how long it takes to wake them all."""
