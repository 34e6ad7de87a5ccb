"""What votes and own labels mean, and the strict reading of label files."""

from collections import Counter

import numpy as np
import pytest
from unpolished.data.axes import CAUSES, KINDS, MISSING
from unpolished.data.labels.folder import LabelFileError
from unpolished.data.labels.label_files import FURTHER, GOLD, TRAIN, read_labels
from unpolished.data.labels.votes import soft_kinds, targets_from_post, targets_from_votes
from unpolished.data.posts import LabelledPost

HEADER = "source,source_id,author_sha1,text_sha1,style,commercial,cause"
ROW = f"a/b,1,{'0' * 12},{'1' * 40},3,none,none"


def votes(style=("3",), commercial=("none",), cause=("none",)):
    """Targets from the votes on one axis, the others neutral."""
    return targets_from_votes(style, commercial, cause)


@pytest.mark.parametrize(("style", "target"), [("1", 0), ("2", 0), ("3", 0.5), ("4", 1), ("5", 1)])
def test_style(style, target):
    """1 and 2 are raw, 3 is neither, 4 and 5 are polished."""
    assert votes(style=[style]).style == target


@pytest.mark.parametrize(
    ("commercial", "paid"),
    [("disclosed", 1), ("likely", 1), ("self", 0), ("none", 0), ("unsure", MISSING)],
)
def test_own_promotion_is_not_paid(commercial, paid):
    """Only a third party's money makes a post paid."""
    assert votes(commercial=[commercial]).paid == paid


def test_cause():
    """Low is the index that p_performative speaks of; unsure is missing."""
    assert [votes(cause=[name]).cause for name in CAUSES] == [0, 1, 2]
    assert votes(cause=["unsure"]).cause == MISSING


@pytest.mark.parametrize(
    ("three", "style", "contested"),
    [
        (("1", "2", "1"), 0, False),
        (("4", "5", "3"), 1, True),
        (("1", "3", "5"), float("nan"), True),
    ],
)
def test_majority_after_mapping(three, style, contested):
    """1 and 2 are one vote; three different ones are none."""
    found = votes(style=three)
    assert found.style == pytest.approx(style, nan_ok=True)
    assert found.style_contested == contested
    assert found.style_mean == pytest.approx(sum(map(int, three)) / 3)


def test_majority_of_paid_votes():
    """Disclosed and likely agree; unsure votes for nothing but leaves a doubt."""
    assert votes(commercial=["disclosed", "likely", "likely"])[3:5] == (1, False)
    assert votes(commercial=["likely", "likely", "unsure"])[3:5] == (1, True)
    assert votes(commercial=["likely", "unsure", "none"])[3:5] == (MISSING, True)
    assert votes(commercial=["unsure", "unsure", "none"])[3:5] == (MISSING, True)


@pytest.mark.parametrize(
    ("commercial", "name"),
    [
        ("likely|disclosed|self", "paid"),
        ("self", "self"),
        ("none|self|self", "self"),
        ("none|none|likely", "none"),
        ("none|self|likely", None),
        ("unsure", None),
        ("self|unsure|unsure", None),
    ],
)
def test_the_kind_of_promotion_never_contradicts_paid(commercial, name):
    """The finer label follows the votes where they settle it."""
    found = votes(commercial=commercial.split("|"))
    assert found.kind == (MISSING if name is None else KINDS.index(name))
    assert found.commercial == commercial


def test_own_labels():
    """One's own labels map like votes; unsure and empty are missing."""
    post = LabelledPost(text="x", label_style="polished", label_paid="yes", label_cause="high")
    found = targets_from_post(post)
    assert (found.style, found.paid, found.kind, found.cause) == (1, 1, KINDS.index("paid"), 2)
    unpaid = targets_from_post(LabelledPost(text="x", label_paid="no"))
    assert (unpaid.paid, unpaid.kind) == (0, MISSING)
    unsure = LabelledPost(text="x", label_style="unsure", label_paid="unsure", label_cause="unsure")
    for post in (unsure, LabelledPost(text="x")):
        found = targets_from_post(post)
        assert np.isnan([found.style, found.style_mean, found.undisclosed]).all()
        assert (found.paid, found.kind, found.cause) == (MISSING, MISSING, MISSING)


def test_label_files_are_whole():
    """The counts that the label files were handed over with."""
    train, gold, further = read_labels(TRAIN, 1), read_labels(GOLD, 3), read_labels(FURTHER, 1)
    assert (len(train), len(gold), len(further)) == (4375, 668, 10022)
    styles = Counter(row.targets.style_mean for row in train)
    assert [styles[n] for n in range(1, 6)] == [539, 868, 1152, 1130, 686]
    assert Counter(row.targets.cause for row in train) == {0: 3063, 1: 989, 2: 323}
    assert sum(row.targets.paid == 1 for row in train) == 52 + 433
    both = {(row.source, row.source_id) for row in train}
    assert not both & {(row.source, row.source_id) for row in gold}


@pytest.mark.parametrize(
    ("lines", "line", "field"),
    [
        ([HEADER.replace("style", "styl"), ROW], 1, "style"),
        ([HEADER, ROW.replace(",3,", ",6,")], 2, "style"),
        ([HEADER, ROW.replace("none,none", "None,none")], 2, "commercial"),
        ([HEADER, ROW[:-4]], 2, "cause"),
        ([HEADER, ROW.replace("0" * 12, "nobody")], 2, "author_sha1"),
        ([HEADER, ROW, ROW], 3, "source_id"),
        ([HEADER, ROW + ",more"], 2, "cause"),
    ],
)
def test_a_fault_is_named(tmp_path, lines, line, field):
    """Errors name file, line and field."""
    path = tmp_path / "train.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(LabelFileError, match=rf"train\.csv, line {line}, field '{field}'"):
        read_labels(path, 1)


@pytest.mark.parametrize(
    ("commercial", "expected"),
    [("likely", 1), ("likely|likely|likely", 1), ("self|none|none", 0), ("none", 0)],
)
def test_undisclosed_by_votes_alone(commercial, expected):
    """All agree that it is paid and does not say so, or that it is not paid."""
    assert votes(commercial=commercial.split("|")).undisclosed == expected


@pytest.mark.parametrize(
    "commercial", ["disclosed", "likely|disclosed|likely", "likely|none", "unsure", "none|unsure"]
)
def test_disclosed_and_disputed_posts_are_left_out(commercial):
    """Of the slice."""
    assert np.isnan(votes(commercial=commercial.split("|")).undisclosed)


def test_second_readings_soften_the_votes():
    """Each has its share; votes alone count where nobody read again, readings where none voted."""
    nan = float("nan")
    read = np.array([[0.2, 0.6], [nan, nan], [0.9, 0.1]], np.float32)
    kind = np.array([KINDS.index("paid"), KINDS.index("self"), MISSING], np.int8)
    found = soft_kinds(kind, read, 0.5)
    np.testing.assert_allclose(found[:2], [[0.1, 0.3, 0.6], [0, 1, 0]], atol=1e-6)
    np.testing.assert_allclose(found[2], [0, 0.1, 0.9], atol=1e-6)


def test_second_readings_of_no_weight_change_nothing():
    """Votes as one-hot rows."""
    read = np.full((2, 2), 0.4, np.float32)
    found = soft_kinds(np.array([KINDS.index("none"), KINDS.index("paid")], np.int8), read, 0)
    np.testing.assert_array_equal(found, [[1, 0, 0], [0, 0, 1]])
