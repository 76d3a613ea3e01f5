"""How a city's case is written, read and checked. Plain Python: no tables, no clock, no settings."""
