"""Base templates, components, icons, styles and the behaviours that every page shares."""
