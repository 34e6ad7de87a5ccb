"""The page in a real browser, on the real service: what it shows, and what nothing makes it do."""

import json
import os
import shutil
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import get_args

import pytest
from unpolished.data.axes import AXES
from unpolished.data.text.disclosure.find import Lack, Status
from unpolished.data.text.disclosure.places import Where
from unpolished.data.text.disclosure.terms import Claim, Kind
from unpolished.data.text.repair.repair import CODES
from unpolished.data.text.signals.signal import Kind as SignalKind
from unpolished.inference.service.keys import add_key
from unpolished.inference.service.schemas import JobState
from unpolished.inference.vetting.render import COLUMNS
from unpolished.models.scored_post import Conflict, ReasonCode

from .running import serving

sync_api = pytest.importorskip("playwright.sync_api", reason="needs the extra dev")
expect = sync_api.expect

_ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_SECONDS = 60
expect.set_options(timeout=1000 * _SECONDS)
# HTML that browsers would run, and that is not taken for damage of an export.
HOSTILE = "<img/src=x/onerror=alert(1)><svg/onload=alert(2)>1<script>alert(3)"
# Emoji of one and of several code points, most of them two UTF-16 units, before every reason.
POST = "🎉👩\u200d👧🇫🇷 Glow like never before! Solvanna serum, 20% off with my code ANA20 🎉 #ad"


@pytest.fixture(scope="module")
def chromium():
    """The one browser of the module."""
    given = os.environ.get("UNPOLISHED_CHROMIUM")
    path = given or next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        told = "no Chromium: apt-get install chromium"
        (pytest.fail if os.environ.get("UNPOLISHED_NEEDS_BROWSER") == "1" else pytest.skip)(told)
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def service(chromium, tmp_path_factory):
    """The address of a service with the smaller shipped model."""
    with serving("linear", "--jobs", tmp_path_factory.mktemp("service")) as (address, _):
        yield address


@dataclass
class Watched:
    """What a browser was seen to do.

    Attributes:
        asked: addresses that it asked for.
        trouble: dialogs, errors of scripts, and what the content security policy refused.
    """

    asked: list[str] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)

    def page(self, chromium, **options):
        """A page in a context of its own."""
        page = chromium.new_context(**options).new_page()
        page.set_default_timeout(1000 * _SECONDS)
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on("dialog", lambda dialog: (self.trouble.append(dialog.message), dialog.dismiss()))
        page.on("console", self._console)
        return page

    def _console(self, message):
        # An answer that is no success is an error to the browser, too.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.trouble.append(message.text)


@pytest.fixture
def watched(chromium):
    """Makes pages; in the end, nothing has run, and nobody else was asked."""
    watched = Watched()
    yield watched
    for context in chromium.contexts:
        context.close()
    assert watched.trouble == []
    assert {url.split("/")[2] for url in watched.asked if not url.startswith("blob:")} <= {
        url.split("/")[2] for url in watched.asked[:1]
    }


@pytest.fixture
def page(chromium, service, watched):
    """The page, ready."""
    return _opened(watched.page(chromium), service)


def _opened(page, address):
    page.goto(address)
    expect(page.locator("#post-rules select")).to_be_visible()
    return page


def _score(page, text, **fields):
    page.fill("#text", text)
    for name, value in fields.items():
        page.fill(f"#{name}", value)
    page.click("#score")
    expect(page.locator("#post-status")).to_contain_text("Scored.")


def _send(page, name, content, kind="vet"):
    """Send a file, and wait until its job has ended; the item of the list."""
    page.set_input_files(
        "#file", {"name": name, "mimeType": "text/plain", "buffer": content.encode()}
    )
    page.check(f"[name=kind][value={kind}]")
    page.click("#send")
    item = page.locator("#jobs > li").first
    expect(item).to_contain_text(name)
    expect(page.locator("#jobs-status")).to_contain_text(f"{name}: ")
    return item


def _posts(*creators, n=20):
    posts = [
        {"author": name, "platform": "x", "text": f"late bus number {i} again, cold feet"}
        for name in creators
        for i in range(n)
    ]
    return "".join(f"{json.dumps(post)}\n" for post in posts)


def _answer(page, service, **body):
    """What the service says by itself."""
    return page.request.post(f"{service}/v1/score", data=body).json()


def test_what_is_said_of_a_post_is_shown(page, service):
    """Each axis with its label and probability, and each jurisdiction, term and signal."""
    page.select_option("#post-rules select", "us")
    page.click("#post-rules summary")
    page.check("#post-rules input[value=fr]")
    _score(page, POST, author="ana")
    given = {"text": POST, "author": "ana"}
    row = _answer(page, service, posts=[given], jurisdiction=["us", "fr"])["results"][0]
    result = page.locator("#result")
    for item, axis in zip(result.locator(".axes > li").all(), AXES, strict=True):
        said = item.inner_text().lower()
        assert said.startswith(f"{axis.name}: {row[axis.name]}".replace("_", " "))
        assert f"{row[axis.probabilities[-1]]:.2f}" in said
    for one in row["disclosures"]:
        (block,) = result.locator(".jurisdiction", has_text=one["terms"][0]["rule"]).all()
        assert one["disclosure"] in block.inner_text()
    for signal in row["signals"]:
        assert f"“{signal['value']}”" in result.inner_text()
    assert row["signals"]
    expect(page.locator("body")).to_contain_text("A prompt to look, never a verdict.")


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("hi", ["too few words"]),
        ("hoy llueve mucho y mi autobús no llega, otra vez", ["another language", "Spanish"]),
        ("[removed]", ["a notice of the platform"]),
        ("late bus &amp; cold feet again", ["HTML entities"]),
    ],
)
def test_what_became_of_a_post_is_explained(page, text, notes):
    """In words, and no codes of languages that are none."""
    _score(page, text)
    shown = page.locator("#result .note").all_inner_texts()
    assert len(shown) == len(notes)
    for note, one in zip(notes, shown, strict=True):
        assert note in one


def test_marks_stand_where_python_says(page, service):
    """Offsets count code points, whatever signs come before."""
    page.select_option("#reasons", "all")
    _score(page, POST)
    row = _answer(page, service, posts=[POST], reasons="all")["results"][0]
    spans = [("disclosure", term["start"], term["end"]) for term in row["disclosure_terms"]]
    spans += [(r["flag"], r["start"], r["end"]) for r in row["reasons"] if r["weight"] > 0]
    assert page.locator(".marked").text_content() == POST
    assert {kind for kind, _, _ in spans} > {"disclosure", "polished"}
    for kind in {kind for kind, _, _ in spans}:
        places = {i for name, start, end in spans if name == kind for i in range(start, end)}
        shown = page.locator(f".marked mark.{kind}").all_text_contents()
        assert "".join(shown) == "".join(POST[i] for i in sorted(places))


@pytest.mark.slow
def test_what_others_wrote_stays_text(page, watched):
    """In a post, the names of a file and of creators, and what is said of them."""
    _score(page, f"{HOSTILE} \u202eover #ad", author=HOSTILE)
    expect(page.locator(".marked")).to_have_text(f"{HOSTILE} \ufffdover #ad")
    _send(page, f"{HOSTILE}.jsonl", _posts(HOSTILE))
    expect(page.locator("#creators tbody th")).to_have_text(HOSTILE)
    for name in ("img", "script", "svg"):
        assert page.locator(f"body {name}").count() == 0
    assert watched.trouble == []


def test_a_dropped_file_becomes_a_table(page):
    """To sort, to filter, to download; and it can be deleted."""
    content = _posts("ana", "ben", "cleo") + _posts("few", n=1)
    dropped = page.evaluate_handle(
        "content => { const data = new DataTransfer();"
        " data.items.add(new File([content], 'posts.jsonl')); return data; }",
        content,
    )
    page.dispatch_event("h1", "drop", {"dataTransfer": dropped})
    expect(page.locator("#file-status")).to_contain_text("posts.jsonl is chosen, and not sent yet")
    page.keyboard.press("Enter")
    table = page.locator("#creators table")
    expect(table).to_be_visible(timeout=1000 * _SECONDS)
    # There are no rules of the user's own here.
    names = [name for name, _ in COLUMNS if name != "rules"]
    assert table.locator("thead button").all_text_contents() == names
    creators = table.locator("tbody th")
    expect(creators).to_have_text(["ana", "ben", "cleo", "few"])
    expect(table.locator("tr", has_text="few")).to_contain_text("too few posts to say 0 of 1")
    table.get_by_role("button", name="creator").press("Enter")
    table.get_by_role("button", name="creator").press("Enter")
    expect(table.locator("[aria-sort=descending]")).to_have_text("creator")
    expect(creators).to_have_text(["few", "cleo", "ben", "ana"])
    page.fill("#filter", "E")
    expect(creators).to_have_text(["few", "cleo", "ben"])
    expect(page.locator("#creators [role=status]")).to_have_text("3 of 4 creators")
    for name in ("report.html", "evidence.jsonl"):
        with page.expect_download() as told:
            page.get_by_role("link", name=f"{name} of posts.jsonl").click()
        assert (told.value.suggested_filename, told.value.failure()) == (name, None)
    item = page.locator("#jobs > li", has_text="posts.jsonl")
    item.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Keep").click()
    expect(item).to_have_count(1)
    item.get_by_role("button", name="Delete").click()
    page.locator("dialog").get_by_role("button", name="Delete").click()
    expect(item).to_have_count(0)
    expect(page.locator("#creators")).to_be_hidden()
    expect(page.locator("#jobs-title")).to_be_focused()


@pytest.mark.slow
def test_a_file_that_cannot_be_read_is_explained(page):
    """At once where its name says so; by its job else, with what helps, which is then enough."""
    page.set_input_files("#file", {"name": "a.pdf", "mimeType": "text/plain", "buffer": b"%PDF"})
    page.click("#send")
    expect(page.locator("#file-problem")).to_contain_text("a.pdf")
    item = _send(page, "captions.csv", "caption\nlate bus again\n", kind="score")
    expect(item.locator(".problem")).to_contain_text("caption")
    expect(item.locator(".problem")).to_contain_text("Columns of other names")
    page.fill("#map", "text=caption")
    page.click("#send")
    mended = page.locator("#jobs > li").first
    expect(mended).to_contain_text("done: 1 record")
    with page.expect_download() as told:
        mended.get_by_role("link", name="scored.jsonl of ").click()
    assert json.loads(Path(told.value.path()).read_text())["style"]


def _answered(status, headers, route):
    route.fulfill(status=status, headers=headers, body="no")


def test_problems_are_told_and_nothing_is_lost(page):
    """Too large, busy, not there, gone."""
    page.fill("#text", POST)
    for status, headers, said in (
        (413, {}, "larger than the service takes"),
        (429, {"Retry-After": "7"}, "try again in 7 seconds"),
        (503, {}, "at the moment"),
    ):
        answer = partial(_answered, status, headers)
        page.route("**/v1/score", answer)
        page.click("#score")
        expect(page.locator("#post-problem")).to_contain_text(said)
        page.unroute("**/v1/score", answer)
    page.context.set_offline(True)
    page.click("#score")
    expect(page.locator("#post-problem")).to_contain_text("cannot be reached")
    page.context.set_offline(False)
    _score(page, page.input_value("#text"))
    assert page.locator(".marked").text_content() == POST
    page.fill("#text", " ")
    page.click("#score")
    expect(page.locator("#post-problem")).to_contain_text("no text")


@pytest.mark.slow
def test_an_api_key_is_asked_for_and_forgotten(chromium, watched, tmp_path, rules_folder):
    """A wrong one is refused; the right one is nowhere but in memory, and goes with downloads."""
    keys = tmp_path / "keys.txt"
    key = add_key(keys, "me")
    with serving(rules_folder, "--keys", keys, "--jobs", tmp_path / "jobs") as (address, _):
        page = watched.page(chromium)
        page.goto(address)
        page.fill("#text", POST)
        for given in ("wrong", key):
            expect(page.locator("#key")).to_be_visible()
            page.fill("#key", given)
            page.press("#key", "Enter")
            if given == "wrong":
                expect(page.locator("#key-problem")).to_contain_text("does not know")
        expect(page.locator("#key-form")).to_be_hidden()
        assert page.input_value("#key") == ""
        page.click("#score")
        expect(page.locator("#post-status")).to_contain_text("Scored.")
        item = _send(page, "posts.jsonl", _posts("ana"), kind="score")
        with page.expect_download() as told:
            item.get_by_role("link", name="scored.jsonl of ").click()
        assert len(Path(told.value.path()).read_text().splitlines()) == 20
        kept = page.evaluate("() => [localStorage.length, sessionStorage.length, document.cookie]")
        assert kept == [0, 0, ""]
        assert not any(key in url for url in watched.asked)
        page.reload()
        expect(page.locator("#key")).to_be_visible()
        page.context.close()


def test_a_keyboard_is_enough(page):
    """Where it is can be seen all the way."""
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("late bus again")
    for _ in range(20):
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        if page.evaluate("document.activeElement.id") == "score":
            break
    page.keyboard.press("Enter")
    expect(page.locator("#post-status")).to_contain_text("Style: raw")


# Text that stands on too little contrast (WCAG 2.2, 1.4.3), of what can be seen.
_PALE = """() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = numbers(colour).map((part) => part / 255)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if ((numbers(colour)[3] ?? 1) > 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const said = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!said || !element.checkVisibility() || element.disabled) continue;
    const [a, b] = [getComputedStyle(element).color, behind(element)].map(light);
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) found.push([element.outerHTML.slice(0, 80), contrast]);
  }
  return found;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_on_a_phone(chromium, service, watched, scheme):
    """In light and dark, without scrolling sideways, however long a word is."""
    size = {"width": 360, "height": 740}
    page = _opened(watched.page(chromium, viewport=size, color_scheme=scheme), service)
    page.select_option("#reasons", "all")
    page.click("#more summary")
    page.click("#post-rules summary")
    _score(page, f"Discover {'g' * 400} #ad {POST}")
    expect(page.locator(".marked mark").first).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width == size["width"]
    assert page.evaluate(_PALE) == []


def test_nothing_else_runs(page, watched):
    """Scripts and styles that somebody gets into the page are refused by its policy."""
    added = (
        "<script>document.title = 'ran'</script><script src='https://example.org/a.js'></script>"
        "<b style='color: red' onclick='1'></b><img src='https://example.org/a.png'>"
    )

    def with_more(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("<main>", f"<main>{added}"))

    page.route(page.url, with_more)
    page.reload()
    expect(page.locator("#post-rules select")).to_be_visible()
    assert page.title() == "Unpolished"
    for what in ("Executing inline script", "a.js", "Applying inline style", "a.png"):
        assert any(what in line for line in watched.trouble), what
    refused = page.evaluate(
        "() => { try { document.body.innerHTML = '<b>'; } catch (error) { return error.name; } }"
    )
    assert refused == "TypeError"
    watched.trouble.clear()
    # What is refused is told as a request, and never made.
    watched.asked[:] = [url for url in watched.asked if "example.org" not in url]


def test_every_code_has_its_words(page):
    """What the service may say, the page can explain."""
    words = page.evaluate("async () => ({ ...(await import('/page/words.js')) })")
    assert [(one["name"], one["question"]) for one in words["AXES"]] == [
        (axis.name, axis.question) for axis in AXES
    ]
    assert {name: set(labels) for name, labels in words["LABELS"].items()} == {
        axis.name: set(axis.labels) for axis in AXES
    }
    assert set(words["PROBABILITIES"]) == {name for axis in AXES for name in axis.probabilities}
    assert set(CODES) <= set(words["REPAIRS"])
    for table, codes in {
        "DISCLOSURE": Status, "LACKS": Lack, "PLACES": Where, "KINDS": Kind, "CLAIMS": Claim,
        "CONFLICTS": Conflict, "SIGNALS": SignalKind, "REASON_CODES": ReasonCode,
        "STATES": JobState,
    }.items():  # fmt: skip
        assert set(words[table]) == set(_all(codes)), table


def _all(codes):
    """The values of a Literal, or of a union of them."""
    for one in get_args(codes):
        yield from [one] if isinstance(one, str) else _all(one)
