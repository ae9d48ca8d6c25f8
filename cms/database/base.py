"""Django's PostgreSQL backend, whose first connection starts the embedded server.

Django looks for a backend's DatabaseWrapper in a module of this name.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base
from django.utils.asyncio import async_unsafe
from psycopg2 import OperationalError

from cms.database.cluster import Cluster


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects as Django does; where nobody answers, starts the server and tries again.

    A server that was killed is so started by whoever needs it next.
    """

    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            return super().get_new_connection(conn_params)
        except OperationalError:
            # Where the server runs, this does nothing and the error comes again.
            Cluster(self.settings_dict["DATA_DIR"]).start()
            return super().get_new_connection(conn_params)
