"""Loading a case: all of it, or nothing."""

from shanshi.cities.operations.loading import Loaded, Teller, is_loaded, load_case

__all__ = ["Loaded", "Teller", "is_loaded", "load_case"]
