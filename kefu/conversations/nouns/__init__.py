"""What the core is about, one noun a file."""
