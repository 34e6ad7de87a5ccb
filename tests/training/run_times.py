"""When runs started, as the tests want it and not as the clock of the machine says."""

import sqlite3
from contextlib import closing


def set_start(run_id: str, milliseconds: int) -> None:
    """Write a start time into the tracking store of the current folder; MLflow has no way to."""
    with closing(sqlite3.connect("mlflow.db")) as store, store:
        changed = store.execute(
            "UPDATE runs SET start_time = ? WHERE run_uuid = ?", (milliseconds, run_id)
        )
        assert changed.rowcount == 1
