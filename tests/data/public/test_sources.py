"""The table of public sources."""

import pytest
from pydantic import ValidationError
from unpolished.data.labels.label_files import FURTHER, GOLD, TRAIN, read_labels
from unpolished.data.public.sources import SourceError, read_sources, sources

ENTRY = """
[[source]]
repository = "someone/something"
commit = "0123456789012345678901234567890123456789"
licence = "none stated"
kind = "votes"
platform = "other"
axes = ["style"]
{more}
[source.reading]
format = "csv"
text = "text"
author_from = "row"
[[source.files]]
path = "posts.csv"
bytes = 10
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
"""


def write(tmp_path, text):
    """Write a table."""
    path = tmp_path / "sources.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_table_is_complete():
    """Each source says where it stands, its licence, its files and its traps."""
    assert len(sources()) == 15
    for source in sources():
        assert source.licence
        assert source.traps or source.kind == "unused"
        assert source.used_files or source.kind == "unused"


def test_sources_of_votes_are_those_of_the_label_files():
    """Every source that a label file names is read, and no other is called one."""
    files = ((TRAIN, 1), (GOLD, 3), (FURTHER, 1))
    named = {row.source for path, n in files for row in read_labels(path, n)}
    assert named == {source.repository for source in sources() if source.kind == "votes"}


def test_a_weak_label_weighs_less_than_a_vote():
    """Every source that has some says how much."""
    weights = [source.weak_weight for source in sources() if source.weak]
    assert weights
    assert all(0 < weight < 1 for weight in weights)


def test_a_table_is_read(tmp_path):
    """The smallest entry that is whole."""
    (source,) = read_sources(write(tmp_path, ENTRY.format(more="")))
    assert source.used_files[0].path == "posts.csv"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ('licens = "MIT"', "licens"),
        ("weak_weight = 2.0", "weak_weight"),
        ('reason = "but it is used"', "reason"),
        ('english_only = "perhaps"', "english_only"),
    ],
)
def test_a_fault_is_named(tmp_path, more, field):
    """The error names the file, the source and the field."""
    with pytest.raises(SourceError, match=f"sources.toml: someone/something: .*{field}"):
        read_sources(write(tmp_path, ENTRY.format(more=more)))


RULE = '[[source.weak]]\naxis = "style"\nlabel = "raw"\ncolumn = "x"\nvalues = ["1"]\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ENTRY.format(more="") + RULE, "weak rules and weak_weight come together"),
        (ENTRY.format(more="weak_weight = 0.5"), "weak rules and weak_weight come together"),
        (ENTRY.replace('"votes"', '"weak"').format(more=""), "kind weak needs weak rules"),
        (ENTRY.replace('"votes"', '"unused"').format(more=""), "unused needs a reason"),
    ],
)
def test_parts_that_belong_together_are_asked_for_together(tmp_path, text, message):
    """A rule without a weight, a weight without a rule, a kind without what makes it one."""
    with pytest.raises(SourceError, match=message):
        read_sources(write(tmp_path, text))


def test_a_weak_label_must_exist(tmp_path):
    """A rule cannot give a label that its axis does not have."""
    rule = '[[source.weak]]\naxis = "paid"\nlabel = "low"\ncolumn = "x"\nvalues = ["1"]\n'
    text = ENTRY.format(more="weak_weight = 0.5") + rule
    with pytest.raises(SourceError, match="must be one of"):
        read_sources(write(tmp_path, text))


def test_the_table_cannot_be_changed():
    """It is read once, and everything that asks for it shares it."""
    first = sources()[0]
    for part, name in ((first, "repository"), (first.reading, "text"), (first.files[0], "path")):
        with pytest.raises(ValidationError, match="frozen"):
            setattr(part, name, "another")
