"""How the portal is served: `gunicorn --config python:convergence.gunicorn`.

The application is loaded once, before the workers: they share its memory, and none of them keeps its first visitor
waiting. Python's collector of cycles then forgets what will live as long as the process, and comes less often: looking
again and again at the models, the questionnaires and the templates took it a seventh of each save (`make bench`).
"""

import gc
from importlib import import_module

from django.conf import settings
from django.db import connections

wsgi_app = "convergence.wsgi"
workers = 3
preload_app = True

# Objects made since the last look; Python looks at 700. A request makes tens of thousands, nearly all gone with it.
NEW_OBJECTS_BEFORE_A_LOOK = 50_000


def when_ready(_server: object) -> None:
    """Just before the workers are made: the views that would be imported with the first request come too."""
    import_module(settings.ROOT_URLCONF)
    connections.close_all()  # none of them may be shared by two processes
    spare_what_stays()


def spare_what_stays() -> None:
    """Put what the process has loaded out of the collector's sight, and let it come less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS_BEFORE_A_LOOK)
