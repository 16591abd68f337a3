"""`bin/bench versions`: two versions of the product beside each other."""
