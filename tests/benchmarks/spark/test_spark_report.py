"""What is made of runs of Spark."""

import pytest
from spark_report import JOB, Figures, Stages, cluster, cluster_seconds, figures, stages, table

FOUND = {
    ("folder", 1): Figures(12, 2, 10, 1, 1, 15),
    ("folder", 2): Figures(7, 2, 10, 1, 1, 10),
    (JOB, 2): Figures(1, 1, 0.5, 1, 1, 2),
}


def test_first_runs_count_for_nothing_but_the_first():
    """In them each worker opens the model."""
    runs = [{"first": i == 0, "seconds": s, "jvm": 1, "workers": 2, "worker_mb": 3, "jvm_mb": 4}
            for i, s in enumerate((9, 2, 4))]  # fmt: skip
    assert figures(runs) == Figures(3, 1, 2, 3, 4, 9)


def test_stages_are_those_of_posts_alone():
    """What a job takes without posts, and the opening of the model, are told from them."""
    found = stages(FOUND, 1_000)
    assert found.worker == pytest.approx(0.01)
    assert found.java == pytest.approx(0.001)
    assert (found.opening, found.job) == (3, 1)
    # 11 seconds of work within 6 seconds of two processors.
    assert found.used == pytest.approx(11 / 12)


def test_a_cluster_takes_what_the_formula_says():
    """Work is shared by all processors; what is paid once is not."""
    one = Stages(worker=9e-3, java=1e-3, opening=3, job=2, used=0.5)
    assert cluster_seconds(one, workers=1, cores=1, posts=100) == pytest.approx(3 + 2 + 2)
    assert cluster_seconds(one, workers=5, cores=2, posts=100) == pytest.approx(3 + 2 + 0.2)


def test_ways_that_were_not_run_have_no_line():
    """And those of a cluster are all there."""
    assert len(table(FOUND, 1_000)) == 3
    *_, lines = cluster(FOUND, 1_000)
    assert lines.startswith("| workers of 4 processors |")
