#!/usr/bin/env python
"""Django's command line for Convergence."""

import os
import secrets
import sys

from django.core.management import execute_from_command_line

# Commands that read files and print: no data, no secret. They run in a clone that nobody has set up.
NEED_NO_CONFIGURATION = {"evaluate"}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convergence.settings")
    if NEED_NO_CONFIGURATION.intersection(sys.argv[1:2]):
        os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe())
        os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")
    execute_from_command_line(sys.argv)
