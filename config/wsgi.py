"""The door that the web server calls."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# From here on the database gives each statement only so long: see REQUEST_LIMITS_MS in the settings.
os.environ["SHANSHI_SERVING"] = "1"
django = get_wsgi_application()

from shanshi.foundation.serving import WholeRequests  # noqa: E402 - Django must be set up first

# Two requests at a time in each process: four spent a fifth more processor time on the same requests.
application = WholeRequests(django, at_once=2)

# What was loaded at the start stays: the collector need not look at it again and again.
gc.collect()
gc.freeze()
