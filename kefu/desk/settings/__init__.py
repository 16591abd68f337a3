"""Settings pages of the rooms below accounts, which ask no policy: official ways, brands, the journal."""
