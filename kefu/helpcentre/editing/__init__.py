"""The editors' pages under /desk/articles/."""
