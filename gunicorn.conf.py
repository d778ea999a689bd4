"""Lets `gunicorn`, called in this folder, run the same server as `drawn-digits serve`."""

import os
import sys

from drawn_digits.errors import SettingsError
from drawn_digits.settings import Settings
from drawn_digits.web.gunicorn_options import gunicorn_options

wsgi_app = "drawn_digits.web.gunicorn_options:load_app()"
try:
    globals().update(gunicorn_options(Settings.from_environment(os.environ)))
except SettingsError as error:
    sys.exit(f"gunicorn: {error}")
