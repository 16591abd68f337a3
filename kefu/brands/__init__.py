"""Brand: one company's face, with its hosts, name, colours and languages."""
