"""The frame of all settings pages: which there are, who sees which, what was changed. A page lives where its data does."""
