"""The page: nothing in a post can run, hide or leave its place."""

import base64
import hashlib
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from unpolished.models.scored_post import Reason
from unpolished.training.error_analysis.analyse import AxisErrors, RunErrors, WrongPost
from unpolished.training.error_analysis.page import errors_page, parts_of
from unpolished.training.error_analysis.slices import Slice, WorseSlice
from unpolished.training.tracking.runs import FinishedRun

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)> {{ 7*7 }} \u202egnirts\x1b[2J'


@pytest.fixture
def errors():
    """A page's worth, every value of which is hostile."""
    run = FinishedRun("ab" * 16, HOSTILE, "unpolished-x", datetime.now(UTC),
                      {"data.name": HOSTILE}, {}, {}, pd.DataFrame)  # fmt: skip
    posts = [
        WrongPost(HOSTILE, f"{HOSTILE}{i}", None if i == 2 else f"{HOSTILE} {i}", "paid", 0.01,
                  "not paid", 4.6, i == 1, {"source": "s", "platform": HOSTILE, "link": "none"})
        for i in range(3)
    ]  # fmt: skip
    kind = (("source", HOSTILE),)
    found = Slice(kind, 1234, 12, 0.9, 0.25, 0.5)
    axis = AxisErrors(
        name="paid", classes=("not paid", "paid"), n=5000, positives=700, loss=0.4, wrong=0.1,
        tried=99, worse=[(WorseSlice(found, 0.3, (0.4, 0.6), 0.0002, np.arange(3)), posts[:2])],
        slices=[found], most_wrong=posts, by_kind={kind: posts[1:]},
    )  # fmt: skip
    reason = Reason(flag="paid", start=0, end=8, text=HOSTILE[:8], weight=1.5)
    return RunErrors(run, "train", [axis], [HOSTILE], {posts[0].text: (reason,)})


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.text = [], []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


def _read(page):
    tags = _Tags()
    tags.feed(page)
    return tags


def test_nothing_of_a_post_is_obeyed(errors):
    """Neither as HTML nor as a template, nor by the screen."""
    page = errors_page(errors)
    tags = _read(page)
    assert not {"script", "img"} & {tag for tag, _ in tags.found}
    assert not [name for _, attrs in tags.found for name in attrs if name.startswith("on")]
    text = "".join(tags.text)
    assert text.count("<script>alert(1)</script>") > 5
    assert "{{ 7*7 }}" in text
    assert "\u202e" not in page
    assert "\x1b" not in page


def test_the_page_allows_its_own_style_and_nothing_else(errors):
    """By the hash of what stands in it; it fetches nothing."""
    page = errors_page(errors)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = [
        attrs["content"] for tag, attrs in _read(page).found
        if attrs.get("http-equiv") == "Content-Security-Policy"
    ]  # fmt: skip
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert not re.search(r"url\(|@import", style)
    assert not [1 for _, attrs in _read(page).found if {"src", "style"} & set(attrs)]


def test_every_number_leads_to_its_post_which_is_there_once(errors):
    """In the lists of all, of a kind, and of a worse kind; a post without text, too."""
    tags = _read(errors_page(errors)).found
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    links = [attrs["href"][1:] for tag, attrs in tags if tag == "a"]
    assert len(set(ids)) == len(ids)
    assert set(links) <= set(ids)
    assert sorted(one for one in ids if one.startswith("paid-")) == ["paid-1", "paid-2", "paid-3"]
    assert [one for one in links if one.startswith("paid-")] == [
        "paid-1", "paid-2", "paid-1", "paid-2", "paid-3", "paid-2", "paid-3",
    ]  # fmt: skip


def test_figures_stand_on_the_page(errors):
    """With the interval and the corrected p; what the text is not here for is said."""
    text = " ".join("".join(_read(errors_page(errors)).text).split())
    for shown in (
        "5,000 posts, 700 of them paid", "+0.50 [+0.40, +0.60]", "0.0002", "1,234",
        "The text is not here", "(voters disagreed)", "holds texts of posts", "platform: <script>",
    ):  # fmt: skip
        assert shown in text
    assert "link: none" not in text


def test_a_post_is_cut_where_reasons_begin_and_end():
    """Nothing is lost; what speaks against the flag is not marked."""
    text = "new at Velmora, use my code"
    marks = [(0, 3, 1.0), (3, 6, 0.5), (16, 19, 2.0), (20, 22, -1.0)]
    reasons = [
        Reason(flag="paid", start=a, end=b, text=text[a:b], weight=w) for a, b, w in marks
    ]  # fmt: skip
    parts = parts_of(text, reasons)
    assert "".join(part.text for part in parts) == text
    assert [part.text for part in parts if part.marked] == ["new at", "use"]
    assert parts_of("", []) == []
