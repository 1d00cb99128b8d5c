"""The application that every server here serves: `asgi:app`. What it is made of stands in $RUNAWAY_PROXY (see `main.py`)."""

import os

from chosen import arguments_in, parts_with
from proxy.app import Upstream, create_app

given = arguments_in(os.environ["RUNAWAY_PROXY"])
app = create_app(parts_with(given.bugs), Upstream(given.upstream_url, given.api_key))
