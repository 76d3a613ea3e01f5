"""What must be set before Django reads its settings; loaded by pytest with `-p tests.environment`."""

import os

os.environ["SHANSHI_MODE"] = "test"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
if "SHANSHI_TEST_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["SHANSHI_TEST_URL"]
else:
    from shanshi.foundation.postgres import test_cluster

    os.environ["DATABASE_URL"] = test_cluster().url()
