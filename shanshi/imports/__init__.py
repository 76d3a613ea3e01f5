"""Lists from Excel: looked at first, then taken whole or not at all, and undone within a day."""
