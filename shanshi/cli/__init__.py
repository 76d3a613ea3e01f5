"""The command line `shanshi`: each module here that has a `command` is one, under its own name."""
