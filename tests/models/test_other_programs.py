"""A scorer inside other programs: forked, copied, sent about, and let go of."""

import asyncio
import copy
import gc
import io
import multiprocessing
import pickle
import subprocess
import sys
import threading
import weakref

import joblib
import pytest
from unpolished import Scorer
from unpolished.models.saved_model import load_model
from unpolished.models.shipped.folders import SHIPPED

TEXTS = ["ugh missed the bus again, third time this week", "Discover our new serum today! #ad"]
# So many that a network takes several batches, and so its threads.
MANY = [f"late bus number {n} in the rain {'again ' * (n % 7)}" for n in range(300)]

PROGRAM = """
import multiprocessing, sys
from unpolished import Scorer
TEXTS = [f"late bus number {n} in the rain {'again ' * (n % 7)}" for n in range(300)]
def said(scorer):
    return [row.p_paid for row in (scorer or shared).score(TEXTS)]
if __name__ == "__main__":
    name, method = sys.argv[1:]
    shared = Scorer.load(name)
    here = said(shared)
    # What is forked is there already; elsewhere it is sent.
    given = None if method == "fork" else shared
    with multiprocessing.get_context(method).Pool(2) as pool:
        there = pool.map_async(said, [given, given]).get(100)
    sys.exit(0 if there == [here, here] else 3)
"""


@pytest.fixture(scope="module", params=sorted(SHIPPED))
def scorer(request):
    """Each shipped model."""
    return Scorer.load(request.param)


def _said(scorer, texts=TEXTS):
    return [row.model_dump() for row in scorer.score(texts)]


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_a_used_scorer_works_in_other_processes(name, method, tmp_path):
    """Forked, it makes new threads, for its own are elsewhere; sent, it is opened again."""
    (tmp_path / "program.py").write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "program.py", name, method],
        cwd=tmp_path, check=False, timeout=240, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_threads_share_a_scorer(scorer):
    """Each gets the rows of its own posts."""
    expected, found = _said(scorer), []
    threads = [threading.Thread(target=lambda: found.append(_said(scorer))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


def test_an_event_loop_hands_it_to_threads(scorer):
    """As a server does."""

    async def ask():
        return await asyncio.gather(*(asyncio.to_thread(_said, scorer) for _ in range(3)))

    assert asyncio.run(ask()) == [_said(scorer)] * 3


def _pickled(scorer):
    return pickle.loads(pickle.dumps(scorer))  # noqa: S301


def _joblib(scorer):
    file = io.BytesIO()
    joblib.dump(scorer, file)
    file.seek(0)
    return joblib.load(file)


@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, _pickled, _joblib],
    ids=["copy", "deepcopy", "pickle", "joblib"],
)
def test_a_copy_says_the_same(scorer, copied):
    """And what is pickled is no model, but where it is and which it must be."""
    assert _said(copied(scorer)) == _said(scorer)
    assert len(pickle.dumps(scorer)) < 100_000


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_a_model_that_is_let_go_of_leaves_no_memory_behind(name):
    """At once, without looking for cycles: a program that loads many would fill up first."""
    model, _ = load_model(SHIPPED[name])
    model.predict_proba(MANY)
    parts = [model, getattr(model, "encoder", model), getattr(model, "ngrams", model)]
    left = [weakref.ref(part) for part in parts]
    enabled = gc.isenabled()
    gc.disable()
    try:
        del model, parts
        assert [ref() for ref in left] == [None] * 3
    finally:
        if enabled:
            gc.enable()
