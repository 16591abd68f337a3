"""`bin/bench search`: whether customers' questions find their answers, and what searching costs beside the bare index."""
