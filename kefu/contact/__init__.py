"""Every official way to reach us, and its state now."""
