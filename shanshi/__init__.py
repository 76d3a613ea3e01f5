"""Shanshi 善时: the volunteer-service platform of a city."""
