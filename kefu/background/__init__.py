"""Tasks, their schedule, and the worker that runs them."""
