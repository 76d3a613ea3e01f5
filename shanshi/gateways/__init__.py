"""One module per outside system, each with its verified fake. Nothing else leaves the building."""
