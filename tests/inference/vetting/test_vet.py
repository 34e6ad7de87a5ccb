"""From a file of posts to a folder with the table, the evidence and the page."""

import csv
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from pyarrow import parquet
from unpolished.data.errors import InputError
from unpolished.inference.options import Options
from unpolished.inference.vetting.rates import rates_of
from unpolished.inference.vetting.render import COLUMNS, report
from unpolished.inference.vetting.vet import Given, vet, vet_file
from unpolished.inference.vetting.write import check_folder, write

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def _posts(n=24):
    texts = ("late bus again so tired {} lol", "in love with this serum {}, use code MAYA10 #ad",
             "We stand with everyone affected {}. #awareness")  # fmt: skip
    return [
        {"id": f"{who}-{i}", "author": who, "platform": "x", "text": texts[i % 3].format(i),
         "posted_at": f"2024-{i // 2 % 12 + 1:02}-{i % 27 + 1:02}T10:00:00Z", "followers": 900,
         "likes": i, "comments": 1}
        for who in ("ana", "=bo")
        for i in range(n)
    ]  # fmt: skip


class _Seen(HTMLParser):
    """Elements, and text outside of script and style."""

    def __init__(self):
        super().__init__()
        self.tags, self.text, self._inside = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self._inside.append(tag)

    def handle_endtag(self, tag):
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data):
        if not self._inside:
            self.text.append(data)


def _seen(page):
    found = _Seen()
    found.feed(page)
    return found


def test_a_folder_holds_all_of_it(scorer, tmp_path):
    """The same creators in each file; cells of the table run nowhere."""
    found = vet(_posts(), scorer.pipeline, Options(reasons="flagged"))
    write(found, tmp_path / "report")
    assert {path.name for path in (tmp_path / "report").iterdir()} == {
        "creators.csv", "creators.parquet", "evidence.jsonl", "report.html",
    }  # fmt: skip
    table = parquet.read_table(tmp_path / "report" / "creators.parquet").to_pylist()
    assert [(row["creator"], row["posts"], row["enough_posts"]) for row in table] == [
        ("=bo", 24, True), ("ana", 24, True),
    ]  # fmt: skip
    with (tmp_path / "report" / "creators.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["creator"] for row in rows] == ["'=bo", "ana"]
    assert list(rows[0]) == list(table[0])
    assert json.loads(rows[1]["codes"])[0]["value"] == "maya10"
    lines = (tmp_path / "report" / "evidence.jsonl").read_text().splitlines()
    claims = [json.loads(line) for line in lines]
    assert len({claim["claim"] for claim in claims}) == len(claims) > 0
    assert {claim["creator"] for claim in claims} == {"=bo", "ana"}
    with pytest.raises(InputError, match="is not empty"):
        write(found, tmp_path / "report")


def test_posts_are_on_the_page_as_text(scorer):
    """Nothing of a name, a text or a note is an element of the page, nor moves a cursor."""
    posts = _posts()
    for place, text in ((1, EVIL + " #ad"), (4, "serum \x1b[2J\u202egnp.exe, use code X9 #ad")):
        posts[place]["text"] = text
    for one in posts[24:]:
        one["author"] = EVIL
    page = report(vet(posts, scorer.pipeline, Options(reasons="flagged")))
    seen = _seen(page)
    tags = {tag for tag, _ in seen.tags}
    assert not tags & {"img", "iframe", "link", "object", "form", "base"}
    assert [tag for tag, _ in seen.tags].count("script") == 1
    assert not [name for _, attrs in seen.tags for name in attrs if name.startswith("on")]
    assert "<script>alert(1)</script>" in "".join(seen.text)
    assert not re.search("[\x00-\x08\x1b\u202a-\u202e]", page)
    (policy,) = [attrs["content"] for tag, attrs in seen.tags
                 if attrs.get("http-equiv") == "Content-Security-Policy"]  # fmt: skip
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert not re.search(r"(src|href)=\"(?!#)", page)


def test_the_page_says_what_can_be_said(scorer):
    """A column for each name, a link to each creator, and the words of DESIGN."""
    page = report(vet(_posts(), scorer.pipeline))
    seen = _seen(page)
    heads = [attrs for tag, attrs in seen.tags if tag == "th" and attrs.get("scope") == "col"]
    assert len(heads) == len(COLUMNS)
    targets = {attrs["id"] for _, attrs in seen.tags if "id" in attrs}
    links = [attrs["href"][1:] for tag, attrs in seen.tags if tag == "a"]
    assert set(links) <= targets
    assert "A prompt to look, never a verdict." in "".join(seen.text)
    few = report(vet(_posts(3), scorer.pipeline))
    assert "Too few posts to say." in few


def test_bad_input_is_said(scorer, tmp_path):
    """No author anywhere; some without one; no dates; a repost; what is no post."""
    with pytest.raises(InputError, match=r"no post names its author.*--map author="):
        vet([{"text": "late bus"}], scorer.pipeline)
    with pytest.raises(InputError, match="no posts to vet"):
        vet([], scorer.pipeline)
    found = vet(
        [{"text": "late bus", "author": "@Ana"}, {"text": "late tram", "author": "ana"},
         {"text": "late"}, {"text": 7, "author": "ana"},
         {"text": "RT @bo: late train", "author": "ana", "repost_of": "bo"}],
        scorer.pipeline,
    )  # fmt: skip
    (creator,) = found.creators
    assert (creator.key.name, len(creator.posts), creator.n_reposts) == ("ana", 2, 1)
    assert (found.without_author, found.rejected, found.undated) == (1, {"type": 1}, True)
    (tmp_path / "d.csv").write_text("claim,decision\nfeed,confirmed\n")
    with pytest.raises(InputError, match="no claim feed"):
        vet(_posts(), scorer.pipeline, files=Given(decisions=tmp_path / "d.csv"))


def test_a_file_and_a_list_are_vetted_alike(scorer, tmp_path):
    """An export as well."""
    lines = "".join(json.dumps(post) + "\n" for post in _posts())
    (tmp_path / "x.jsonl").write_text(lines)
    by_file = vet_file(scorer.pipeline, tmp_path / "x.jsonl")
    assert by_file.creators == vet(_posts(), scorer.pipeline).creators
    assert by_file.claims == vet(_posts(), scorer.pipeline).claims


def test_the_command(tmp_path):
    """Exit codes, what is left out on standard error, and decisions that come back."""
    lines = "".join(json.dumps(post) + "\n" for post in [*_posts(), {"text": "late bus"}])
    (tmp_path / "x.jsonl").write_text(lines)

    def run(*words):
        return subprocess.run(
            [sys.executable, "-m", "unpolished.cli", "vet", *map(str, words), "--model", "linear"],
            capture_output=True, text=True, check=False, cwd=tmp_path,
        )  # fmt: skip

    done = run("x.jsonl", "-o", "first/")
    assert (done.returncode, done.stdout) == (0, "")
    assert "1 posts name no author and are left out" in done.stderr
    claims = (tmp_path / "first" / "evidence.jsonl").read_text().splitlines()
    decided = json.loads(claims[0]) | {"decision": "rejected", "note": "a joke"}
    (tmp_path / "d.jsonl").write_text(json.dumps(decided) + "\n")
    assert run("x.jsonl", "-o", "second", "--decisions", "d.jsonl").returncode == 0
    assert "Reviewer: rejected" in (tmp_path / "second" / "report.html").read_text()
    again = run("x.jsonl", "-o", "second")
    assert (again.returncode, "is not empty" in again.stderr) == (2, True)
    nobody = run("x.jsonl", "-o", "third", "--map", "author=none")
    assert nobody.returncode == 2
    assert not (tmp_path / "third").exists()


RULES = """
[[rule]]
name = "codes for serums"
action = "stop"
words = ["Serum"]

[[rule]]
name = "causes"
action = "watch"
claims = ["performative"]
tolerance = 100
"""


def test_rules_of_ones_own_are_met_by_posts(scorer, tmp_path):
    """With these posts; a tolerance is kept, and what a reviewer rejected counts no more."""
    (tmp_path / "r.toml").write_text(RULES)
    found = vet(_posts(), scorer.pipeline, files=Given(rules=tmp_path / "r.toml"))
    for creator, row in zip(found.creators, found.rows, strict=True):
        (hit,) = found.hits[creator.key]
        assert (hit.rule, hit.action) == ("codes for serums", "stop")
        claimed = {c.post_id for c in found.claims if c.creator == creator.key.name}
        assert set(hit.posts) == {p.id for p in creator.posts if "serum" in p.text} & claimed
        assert row["rules_stop"][0]["posts"] == list(hit.posts)
        assert row["rules_watch"] == []
    assert "stop: codes for serums" in report(found)
    decided = tmp_path / "d.jsonl"
    decided.write_text("".join(
        json.dumps(claim.model_dump() | {"decision": "rejected"}) + "\n" for claim in found.claims
    ))  # fmt: skip
    files = Given(decisions=decided, rules=tmp_path / "r.toml")
    assert not any(vet(_posts(), scorer.pipeline, files=files).hits.values())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[[rule]]\nname = 'x'", "rule 1, key 'action': Field required"),
        ("[[rule]]\nname = 'x'\naction = 'ban'", "rule 1, key 'action': Input should be 'stop'"),
        (RULES + "[[rule]]\nname='x'\naction='stop'\nword=['a']", "rule 3, key 'word': Extra"),
        ("[[rule]]\nname='x'\naction='stop'\ntolerance=true", "rule 1, key 'tolerance'"),
        ("[[rule]]\nname='x'\naction='stop'\nwords=[' ']", "rule 1, key 'words.0'"),
        (RULES + RULES, "two rules are called 'codes for serums'"),
        ("name = 'x'", r"write each rule as a table \[\[rule\]\]"),
        ("[[rule", r"r\.toml: not TOML: "),
    ],
)
def test_faulty_rules_are_named(scorer, tmp_path, content, said):
    """Before a post is scored."""
    (tmp_path / "r.toml").write_text(content)
    with pytest.raises(InputError, match=said):
        vet(_posts(), scorer.pipeline, files=Given(rules=tmp_path / "r.toml"))


def test_what_changed_since_an_earlier_report(scorer, tmp_path):
    """Who came and went, and which numbers moved; nothing of the same posts."""
    posts = _posts()
    write(vet(posts, scorer.pipeline), tmp_path / "old")
    same = vet(posts, scorer.pipeline, files=Given(since=tmp_path / "old"))
    assert same.moved == []
    assert "Nothing that is compared has changed." in report(same)
    later = [*posts[:24], {**posts[1], "id": "new"}, {"author": "cy", "text": "late tram"}]
    found = vet(later, scorer.pipeline, files=Given(since=tmp_path / "old"))
    told = {(one.creator, one.what): (one.before, one.after) for one in found.moved}
    assert told["ana", "posts"] == (24, 25)
    assert ("cy", "new") in told
    assert ("=bo", "gone") in told
    write(found, tmp_path / "new")
    with (tmp_path / "new" / "since.csv").open(newline="") as file:
        assert {row["creator"] for row in csv.DictReader(file)} == {"ana", "cy", "'=bo"}
    with pytest.raises(InputError, match="give a folder that vet wrote"):
        vet(posts, scorer.pipeline, files=Given(since=tmp_path / "none"))


ODD = [
    {"posted_at": "0001-01-01T00:00:00+14:00"}, {"posted_at": "9999-12-31T23:59:59-05:00"},
    {"posted_at": "0999-05-01T00:00:00Z"}, {"author": "a\ud83d"}, {"platform": "x\ud83d"},
    {"platform": "<u>X\x1b[31m\u202e"}, {"author": "c\rd"}, {"followers": 0},
    {"id": "i\ud83d\x1b"},
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_odd_values_cost_no_run_and_no_page(scorer, tmp_path, odd):
    """Dates that stand for none, halves of letters, signs that move a cursor."""
    (tmp_path / "r.toml").write_text(RULES)
    posts = [*_posts(4), _posts(4)[1] | {"id": "odd"} | odd]
    found = vet(posts, scorer.pipeline, files=Given(rules=tmp_path / "r.toml"))
    write(found, tmp_path / "report")
    page = (tmp_path / "report" / "report.html").read_bytes()
    assert len(page) < 200_000
    assert not re.search(b"\x1b|\xe2\x80\xae", page)
    table = parquet.read_table(tmp_path / "report" / "creators.parquet")
    with (tmp_path / "report" / "creators.csv").open(newline="") as file:
        assert len(list(csv.DictReader(file))) == table.num_rows


def test_the_same_post_counts_once_and_two_texts_under_one_id_are_two(scorer, tmp_path):
    """Exports overlap; and ids are not always what they should be."""
    one = {"id": "1", "author": "ana", "text": "great casino nights {}, use code MAYA10 #ad"}
    found = vet([one] * 25, scorer.pipeline)
    assert (len(found.creators[0].posts), found.repeated) == (1, 24)
    assert "24 records of a post that was read before count once" in report(found)
    (tmp_path / "r.toml").write_text('[[rule]]\nname="c"\naction="stop"\nwords=["casino"]')
    other = one | {"text": "in love with this serum, use code MAYA10 #ad"}
    for posts in ([one, other], [other, one]):
        found = vet(posts, scorer.pipeline, files=Given(rules=tmp_path / "r.toml"))
        ((hit,),) = found.hits.values()
        assert hit.posts == ("1",)


def test_names_are_the_same_with_the_sign_and_in_any_case_but_ids_are_not(scorer):
    """A sign alone names nobody."""
    names = ["@Ana", "@ ana", "ana ", "UCabcdefghijklmnopqrstuv", "UCABCdefghijklmnopqrstuv", "@@"]
    posts = [
        {"id": f"{n}", "author": name, "text": f"late bus {n} again"}
        for n, name in enumerate(names)
    ]
    found = vet(posts, scorer.pipeline)
    assert [(one.key.name, len(one.posts)) for one in found.creators] == [
        ("UCABCdefghijklmnopqrstuv", 1), ("UCabcdefghijklmnopqrstuv", 1), ("ana", 3),
    ]  # fmt: skip
    assert found.without_author == 1


def test_folders_of_all_kinds(scorer, tmp_path, monkeypatch):
    """An empty one is kept and filled, by any name of it; what is none is refused before work."""
    found = vet(_posts(2), scorer.pipeline)
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    node = (tmp_path / "empty").stat().st_ino
    write(found, tmp_path / "link")
    assert (tmp_path / "empty").stat().st_ino == node
    assert {path.name for path in (tmp_path / "empty").iterdir()} == {
        "creators.csv", "creators.parquet", "evidence.jsonl", "report.html",
    }  # fmt: skip
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    write(found, Path())
    assert (tmp_path / "here" / "report.html").is_file()
    (tmp_path / "file").write_text("")
    (tmp_path / "nowhere").symlink_to(tmp_path / "none")
    for name in ("file", "file/x", "nowhere", "x" * 300):
        with pytest.raises(InputError):
            check_folder(tmp_path / name)


def test_a_model_whose_rates_are_not_known_gives_counts(scorer):
    """And no estimate."""
    thresholds = scorer.pipeline.info.thresholds
    paid = thresholds.p_paid.model_copy(update={"negative_authors": None})
    unknown = thresholds.model_copy(update={"p_paid": paid})
    info = scorer.pipeline.info.model_copy(update={"thresholds": unknown})
    assert "paid" not in rates_of(info)
