"""The reports, searchable: an index in tables of the store's own database, never a second copy of what was reported."""
