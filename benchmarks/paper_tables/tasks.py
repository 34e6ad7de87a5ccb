"""Data sets that hold the labels of a paper: its figure, and how its posts were split.

A figure stands here only where it was read; ``read_in`` says where. What could not be read or had
is listed on ``docs/papers.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from unpolished.training.evaluation import weighted_metrics as weighted

from .metrics import Metric, accuracy, auc, macro_f1, r_squared
from .posts import Posts, Target
from .splits import Folds, fixed, grouped, random

# From the rows and posts of a task to folds.
Split = Callable[[pd.DataFrame, Posts], Folds]
GROUPED, RANDOM, AS_PAPER = "grouped", "random", "as the paper"


@dataclass(frozen=True)
class Task:
    """A line of the table.

    Attributes:
        key: what ``--only`` calls it.
        name: of the data set and the task.
        repository: the public source that holds the labels.
        target: what is predicted.
        metric: name of the paper's metric, and how it is computed.
        second: another metric beside it, of scores.
        paper: the figure, with whose it is.
        differs: why ours may be another.
        headline: the split whose figures stand beside the paper's.
        splits: all that are tried, by name.
        flagged: whether the metric is of flags; else it is of scores.
    """

    key: str
    name: str
    repository: str
    target: Target
    metric: tuple[str, Metric]
    second: tuple[str, Metric]
    paper: str
    differs: str
    headline: str
    splits: Mapping[str, Split]
    flagged: bool = True


def _grouped(_: pd.DataFrame, posts: Posts) -> Folds:
    return grouped(posts)


def _random(_: pd.DataFrame, posts: Posts) -> Folds:
    return random(posts)


def bragging_test(rows: pd.DataFrame) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """The split of the study's own code: which are fitted on, and the rows that are judged.

    Tweets found by keyword are fitted on; four fifths of those drawn at random are judged, the
    rest was the study's development part.
    """
    from sklearn.model_selection import train_test_split

    keyword = (rows["sampling"] == "keyword").to_numpy()
    drawn = np.flatnonzero(~keyword)
    _, judged = train_test_split(
        drawn, test_size=0.8, random_state=0, stratify=_bragging(rows)[drawn]
    )
    return keyword, np.sort(judged)


def _bragging(rows: pd.DataFrame) -> NDArray[np.float64]:
    return (rows["label"] != "not").to_numpy().astype(np.float64)


def _bragging_split(rows: pd.DataFrame, posts: Posts) -> Folds:
    return fixed(posts, *bragging_test(rows))


TASKS = (
    Task(
        "spam",
        "YouTube Spam Collection: spam or not",
        "C0D3-BR3AK3R/HadoopFinalNCU-Project",
        lambda rows: rows["label"].to_numpy(float),
        ("accuracy", accuracy), ("AUC", auc),
        "0.957, LSTM (Airlangga 2024); 0.969, BiLSTM (Sam'an and Imaddudin 2024)",
        "The abstracts do not say how comments were split; the second paper's percentages are whole"
        " multiples of 1/392, a fifth of the comments held out once. Authors who comment again and"
        " templates that are posted again stay in one fold here, and links and handles are hidden"
        " from `linear` and `embed`.",
        GROUPED, {GROUPED: _grouped, RANDOM: _random},
    ),
    Task(
        "clickbait",
        "Webis Clickbait Challenge 2017: clickbait or not",
        "legendaryBowen/ClickbaitDetection",
        lambda rows: rows["click_bait"].to_numpy(float),
        ("F1", weighted.f1), ("AUC", auc),
        "0.683, zingel, winner of the challenge (Potthast et al. 2018)",
        "The challenge judged on its test part; our copy is 15,567 of the corpus's 38,517 posts and"
        " does not say of which part, so ours are out of fold on these. Its systems could learn"
        " from the mean of five judgements and read the linked article; ours learn from the class"
        " and read the tweet alone. Newsrooms are not named, so they cannot be kept apart.",
        GROUPED, {GROUPED: _grouped, RANDOM: _random},
    ),
    Task(
        "bragging",
        "Bragging tweets: bragging or not",
        "tawsif93/CSCI-662-Project",
        _bragging,
        ("macro F1", macro_f1), ("AUC", auc),
        "0.724, the best transformer (Jin et al. 2022); 0.702, its reproduction",
        "The same tweets to fit on and to be judged on; no near-duplicates are in both. The paper"
        " fine-tunes a language model and stops by a development part that was drawn like the test"
        " part. Ours use no tweet of that part and take their cut from tweets found by keyword, of"
        " which more than twice as many brag.",
        AS_PAPER, {AS_PAPER: _bragging_split, GROUPED: _grouped, RANDOM: _random},
    ),
    Task(
        "formality",
        "Formality of sentences, from 1 to 7",
        "JeffW12345/formality-regression",
        lambda rows: (rows["Formality"].to_numpy(float) - 1) / 6,
        ("R²", r_squared), ("Spearman", weighted.spearman),
        "0.591, support vector regression (the repository's `results.csv`; no paper)",
        "The repository counts parts of speech, syllables, errors and sentiment, and no words;"
        " its five folds are random. Sentences of one article stand without a mark, so that"
        " neither split keeps an article together. `linear` and `embed` fit the rating as a soft"
        " label.",
        GROUPED, {GROUPED: _grouped, RANDOM: _random}, flagged=False,
    ),
)  # fmt: skip
