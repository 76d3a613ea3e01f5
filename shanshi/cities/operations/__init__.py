"""Loading a case: all of it, or nothing."""

from shanshi.cities.operations.loading import Teller, is_loaded, load_case
from shanshi.cities.rules.measure import Loaded

__all__ = ["Loaded", "Teller", "is_loaded", "load_case"]
