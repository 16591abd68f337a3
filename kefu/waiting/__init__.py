"""Working hours: open or closed, and the next opening."""
