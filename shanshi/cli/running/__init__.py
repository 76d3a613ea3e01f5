"""What commands need to run: a database, Django, children that end with us, words for the terminal."""
