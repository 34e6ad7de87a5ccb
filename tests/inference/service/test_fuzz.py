"""What schemathesis sends to a running service, by its OpenAPI."""

import re
import subprocess
import sys

import pytest

from .running import serving


@pytest.mark.slow
@pytest.mark.parametrize("with_keys", [False, True])
def test_nothing_that_is_sent_breaks_the_service_or_what_it_says_of_itself(
    with_keys, rules_folder, tmp_path
):
    """Statuses, types and schemas of answers, allowed methods and keys are as OpenAPI has them."""
    keys = tmp_path / "keys.txt"
    options = ["--jobs", tmp_path / "jobs"]
    given = []
    if with_keys:
        make = [sys.executable, "-m", "unpolished.cli", "api-key", "ana", "--keys", str(keys)]
        made = subprocess.run(make, capture_output=True, text=True, check=True)
        options += ["--keys", keys]
        given = ["-H", f"Authorization: Bearer {made.stdout.strip()}"]
    with serving(rules_folder, *options) as (url, process):
        # Our schema cannot say which names and endings of files mean something.
        ended = subprocess.run(
            [sys.executable, "-m", "schemathesis.cli", "run", f"{url}/openapi.json", *given,
             "--max-examples", "60", "--seed", "1", "--exclude-checks", "positive_data_acceptance",
             "--report-dir", str(tmp_path)],
            capture_output=True, text=True, check=False, timeout=500, cwd=tmp_path,
        )  # fmt: skip
        assert process.poll() is None
        assert ended.returncode == 0, ended.stdout
    tested = re.search(r"([0-9,]+) generated", ended.stdout)
    assert int(tested[1].replace(",", "")) > 300
