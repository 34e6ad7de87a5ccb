"""Requests share batches; each gets its own rows."""

import asyncio
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.data.posts import Post
from unpolished.inference.service.batching import How, MicroBatcher, QueueFullError
from unpolished.models.disclosed import Asked
from unpolished.models.scored_post import ScoredPost

US, UK = How(Asked(("us",))), How(Asked(("uk",)))


class Scoring:
    """Notes its batches; holds the first until it is let go."""

    def __init__(self, *, hold=False):
        self.batches, self.may_go = [], threading.Event()
        if not hold:
            self.may_go.set()

    def __call__(self, how, posts):
        """A row per post, named as its text."""
        self.batches.append((how, [post.text for post in posts]))
        assert self.may_go.wait(20)
        if any(post.text == "breaks" for post in posts):
            raise RuntimeError("no")
        return [ScoredPost(id=post.text) for post in posts]


def posts(*texts):
    """Posts of these texts."""
    return [Post(text=text) for text in texts]


def run(scoring, work, **limits):
    """Run some work beside a batcher that ends empty."""

    async def whole():
        batcher = MicroBatcher(scoring, **({"max_batch": 64, "max_waiting": 10_000} | limits))
        batcher.start()
        try:
            return await asyncio.wait_for(work(batcher), 20)
        finally:
            scoring.may_go.set()
            await batcher.stop()
            assert batcher.waiting == 0

    return asyncio.run(whole())


async def begun(scoring, n=1):
    """Wait for so many batches."""
    while len(scoring.batches) < n:
        await asyncio.sleep(0.001)


@given(
    sizes=st.lists(st.integers(0, 90), max_size=12),
    max_batch=st.integers(1, 100),
    threads=st.integers(1, 3),
)
def test_every_request_gets_its_own_rows_in_order(sizes, max_batch, threads):
    """Whatever their sizes and settings; and no batch is too large."""
    texts = [[f"{i}-{j}" for j in range(size)] for i, size in enumerate(sizes)]

    async def work(batcher):
        hows = [US if i % 3 else UK for i in range(len(texts))]
        some = zip(texts, hows, strict=True)
        return await asyncio.gather(*(batcher.score(posts(*t), how) for t, how in some))

    scoring = Scoring()
    rows = run(scoring, work, max_batch=max_batch, threads=threads)
    assert [[row.id for row in found] for found in rows] == texts
    assert all(len(batch) <= max_batch for _, batch in scoring.batches)


def test_what_waits_while_a_batch_is_scored_makes_up_the_next():
    """Without a timer."""
    scoring = Scoring(hold=True)

    async def work(batcher):
        first = asyncio.create_task(batcher.score(posts("first"), US))
        await begun(scoring)
        others = [asyncio.create_task(batcher.score(posts(f"{i}"), US)) for i in range(20)]
        await asyncio.sleep(0)
        scoring.may_go.set()
        await asyncio.gather(first, *others)

    run(scoring, work)
    assert [len(batch) for _, batch in scoring.batches] == [1, 20]


def test_a_large_request_holds_up_no_small_one():
    """It gets a turn in each batch."""
    scoring = Scoring(hold=True)
    ended = []

    async def work(batcher):
        async def one(name, n):
            await batcher.score(posts(*[name] * n), US)
            ended.append(name)

        tasks = [asyncio.create_task(one("large", 1000))]
        await begun(scoring)
        tasks += [asyncio.create_task(one("small", 2))]
        await asyncio.sleep(0)
        scoring.may_go.set()
        await asyncio.gather(*tasks)

    run(scoring, work)
    assert ended == ["small", "large"]
    assert "small" in scoring.batches[1][1]


def test_a_batch_is_filled():
    """A request alone takes all of it, and not only its turn."""
    scoring = Scoring()

    async def work(batcher):
        await batcher.score(posts(*["alone"] * 150), US)

    run(scoring, work)
    assert [len(batch) for _, batch in scoring.batches] == [64, 64, 22]


def test_only_posts_that_are_scored_alike_share_a_batch_and_none_waits_for_ever():
    """In the order in which they came."""
    scoring = Scoring(hold=True)

    async def work(batcher):
        tasks = [asyncio.create_task(batcher.score(posts("first"), US))]
        await begun(scoring)
        hows = [UK if i % 2 else US for i in range(6)]
        some = [batcher.score(posts(f"{i}"), how) for i, how in enumerate(hows)]
        tasks += map(asyncio.create_task, some)
        await asyncio.sleep(0)
        scoring.may_go.set()
        await asyncio.gather(*tasks)

    run(scoring, work)
    assert scoring.batches[1:] == [(US, ["0", "2", "4"]), (UK, ["1", "3", "5"])]


def test_what_is_too_much_is_refused_and_what_was_accepted_is_scored():
    """All of it or nothing."""
    scoring = Scoring(hold=True)

    async def work(batcher):
        kept = asyncio.create_task(batcher.score(posts(*"abcdefgh"), US))
        await begun(scoring)
        with pytest.raises(QueueFullError):
            await batcher.score(posts(*"xyz"), US)
        more = asyncio.create_task(batcher.score(posts(*"ij"), US))
        await asyncio.sleep(0)
        scoring.may_go.set()
        return [row.id for row in await kept + await more]

    assert run(scoring, work, max_waiting=10) == list("abcdefghij")


def test_nothing_more_is_scored_for_a_client_that_gave_up():
    """Before its turn or in the middle."""
    scoring = Scoring(hold=True)

    async def work(batcher):
        first = asyncio.create_task(batcher.score(posts("first"), US))
        await begun(scoring)
        gone = asyncio.create_task(batcher.score(posts("gone"), US))
        partly = asyncio.create_task(batcher.score(posts(*["partly"] * 500), US))
        await asyncio.sleep(0)
        gone.cancel()
        scoring.may_go.set()
        await begun(scoring, 2)
        partly.cancel()
        await first
        assert len(await batcher.score(posts("last"), US)) == 1

    run(scoring, work)
    texts = [text for _, batch in scoring.batches for text in batch]
    assert "gone" not in texts
    assert texts.count("partly") < 500


def test_an_error_ends_the_request_that_it_is_of_and_no_other():
    """Neither those of its batch nor those after it."""
    scoring = Scoring(hold=True)

    async def work(batcher):
        first = asyncio.create_task(batcher.score(posts("first"), US))
        await begun(scoring)
        beside = [asyncio.create_task(batcher.score(posts(t), US)) for t in ("a", "breaks", "b")]
        await asyncio.sleep(0)
        scoring.may_go.set()
        await first
        found = await asyncio.gather(*beside, return_exceptions=True)
        return [*found, await batcher.score(posts("after"), US)]

    a, error, b, after = run(scoring, work)
    assert isinstance(error, RuntimeError)
    assert [rows[0].id for rows in (a, b, after)] == ["a", "b", "after"]


def test_two_threads_share_the_posts_of_one_request():
    """While one is scored, the other takes what is left."""
    scoring = Scoring(hold=True)

    async def work(batcher):
        task = asyncio.create_task(batcher.score(posts(*"abcdef"), US))
        await begun(scoring, 2)
        scoring.may_go.set()
        return [row.id for row in await task]

    assert run(scoring, work, max_batch=3, threads=2) == list("abcdef")


def test_stopping_scores_what_was_accepted():
    """All of it."""
    scoring = Scoring(hold=True)

    async def work():
        batcher = MicroBatcher(scoring, max_batch=8, max_waiting=1000)
        batcher.start()
        tasks = [asyncio.create_task(batcher.score(posts(*"abc"), US)) for _ in range(9)]
        await begun(scoring)
        scoring.may_go.set()
        await batcher.stop()
        assert all(task.done() for task in tasks)

    asyncio.run(work())
