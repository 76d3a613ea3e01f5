"""Reference cities: a case kept as plain files, checked, and loaded through the same operations."""
