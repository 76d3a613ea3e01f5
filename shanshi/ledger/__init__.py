"""The books: minutes, coins and points, written through one door and never changed."""
