"""How long each class of data is kept, and what lets go of it."""
