"""Posts of the authors in the public sources, of whom several are known."""

import pytest
from unpolished.data.axes import KINDS
from unpolished.data.dataset.author_posts import as_texts, author_posts
from unpolished.data.labels.reserved_authors import reserved_authors


@pytest.mark.slow
def test_models_of_a_fold_have_seen_no_post_of_its_authors(public_dataset, mirror):
    """And no reserved author is among them."""
    del mirror
    posts = author_posts(public_dataset)
    labelled = public_dataset["train"].to_pandas()
    folds = labelled.set_index(["source", "source_id"])["fold"]
    of_train = posts[posts["split"] == "train"].set_index(["source", "source_id"])
    assert (folds.loc[of_train.index] == of_train["fold"]).all()
    by_author = posts.groupby("author")
    assert (by_author["fold"].nunique() == 1).all()
    assert (by_author.size() > 1).all()
    assert by_author["kind"].max().isin([KINDS.index("self"), KINDS.index("paid")]).all()
    assert not posts.duplicated(["author", "text"]).any()
    assert not {key.partition(":")[2] for key in posts["author"]} & reserved_authors()
    texts = as_texts(posts)
    assert not texts.labelled.any()
    assert len(texts) == len(posts) > 5000
