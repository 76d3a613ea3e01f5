"""Pages, by the person they are for."""
