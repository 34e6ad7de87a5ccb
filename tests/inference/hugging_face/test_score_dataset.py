"""Data sets in and out: types from the first batch on, no column lost, nothing stale."""

import json
import subprocess
import sys

import pytest
from datasets import ClassLabel, Dataset, DatasetDict, Features, IterableDataset, Value
from datasets.fingerprint import Hasher
from unpolished.data.errors import InputError
from unpolished.data.io.fields.columns import Columns
from unpolished.inference.hugging_face import dataset_scores
from unpolished.inference.hugging_face.score_dataset import score_dataset
from unpolished.inference.options import Options
from unpolished.inference.scorer import Scorer
from unpolished.models import pipeline as pipeline_module
from unpolished.models.fingerprint import program
from unpolished.models.pipeline import Pipeline
from unpolished.models.scored_post import arrow_schema

PLAIN = "lovely week with the new bike and the sea"
AD = "made soup and watched the rain #ad"
ADDED = [name for name in arrow_schema(errors=True).names if name != "id"]
TYPES = {name: kind for name, kind in Features.from_arrow_schema(arrow_schema(errors=True)).items()
         if name != "id"}  # fmt: skip


@pytest.fixture
def rules(rules_folder):
    """The fastest model."""
    return Scorer.load(rules_folder)


@pytest.fixture
def asked(monkeypatch):
    """Texts that the model is asked for."""
    texts, real = [], Pipeline._score_all

    def counted(self, posts, *arguments, **options):
        texts.extend(post.text for post in posts)
        return real(self, posts, *arguments, **options)

    monkeypatch.setattr(Pipeline, "_score_all", counted)
    return texts


def _expected(scorer, texts, **options):
    rows = scorer.score(texts, errors="keep", **options)
    return [json.loads(row.model_dump_json(include=set(ADDED))) for row in rows]


def _close(found, expected):
    for row, other in zip(found, expected, strict=True):
        for name in ADDED:
            wanted = pytest.approx(other[name], abs=1e-6) if name[:2] == "p_" else other[name]
            assert row[name] == wanted


@pytest.mark.parametrize("last", [AD, None, " ", "Bonjour tout le monde, il fait beau ce matin"])
def test_types_are_those_of_the_schema_whatever_comes_first(scorer, last):
    """A term, an error and a reason code may come late; no batch before knows their types."""
    texts = [PLAIN] * 4 + [last]
    scored = score_dataset(scorer.pipeline, Dataset.from_dict({"text": texts}), batch_size=2)
    assert scored.features == {"text": Value("string"), **TYPES}
    assert scored["text"][:] == texts
    _close(scored, _expected(scorer, texts))


def test_own_columns_stay_with_their_types(rules):
    """Ids, class labels; and the format, which shows the new columns where it showed all."""
    features = Features(
        {"id": Value("int64"), "text": Value("large_string"), "mine": ClassLabel(names=["a", "b"])}
    )
    posts = Dataset.from_dict({"id": [7, 8], "text": [AD, PLAIN], "mine": [1, 0]}, features)
    scored = rules.score_dataset(posts.with_format("numpy"))
    assert scored.features == features | TYPES
    assert scored.format["type"] == "numpy"
    assert scored.format["columns"] == [*features, *ADDED]
    assert scored["id"][:].tolist() == [7, 8]
    some = rules.score_dataset(posts.with_format("numpy", columns=["id"]))
    assert some.format["columns"] == ["id"]


@pytest.mark.parametrize("name", ["language", "error", "model", "p_paid"])
@pytest.mark.parametrize("stream", [False, True])
def test_a_column_of_the_same_name_is_refused_or_removed(rules, name, stream):
    """Never written over."""
    posts = Dataset.from_dict({"text": [PLAIN, AD], name: ["xx", "yy"]})
    posts = posts.to_iterable_dataset() if stream else posts
    with pytest.raises(InputError, match=f"the data set has a column '{name}'.*rename_column"):
        rules.score_dataset(posts)
    scored = list(rules.score_dataset(posts, remove_columns=name))
    assert [row["disclosure"] for row in scored] == ["none", "clear"]
    renamed = list(rules.score_dataset(posts.rename_column(name, "mine")))
    assert [row["mine"] for row in renamed] == ["xx", "yy"]
    assert renamed[0][name] != "xx"


def test_a_field_that_is_read_and_added_is_read_under_another_name(rules):
    """What a source says of where it cut a post stays beside what is found."""
    posts = Dataset.from_dict({"text": [PLAIN, AD], "truncated": [True, False]})
    with pytest.raises(InputError, match="the data set has a column 'truncated'"):
        rules.score_dataset(posts)
    options = Options(columns=Columns({"truncated": "cut"}))
    scored = rules.score_dataset(posts.rename_column("truncated", "cut"), options)
    assert scored["truncated"][:] == scored["cut"][:] == [True, False]


def test_the_old_recipe_refuses_it_too(rules):
    """Rows put beside a batch by hand would take its place."""
    import pyarrow as pa

    batch = pa.RecordBatch.from_pydict({"text": [PLAIN], "language": ["xx"]})
    with pytest.raises(InputError, match="the batch has a column 'language'"):
        next(rules.score_batches([batch]))
    options = Options(columns=Columns({"text": "language"}))
    assert next(rules.score_batches([batch], options)).num_rows == 1
    for kept in ("language", "error", "id"):
        with pytest.raises(InputError, match=f"--keep {kept}: the output has a column of that"):
            next(rules.score_batches([batch], Options(columns=Columns(kept=(kept,)))))


@pytest.mark.parametrize("stream", [False, True])
def test_columns_are_read_under_other_names_and_removed(rules, stream):
    """What is removed is read before; the post as it was scored can be added."""
    posts = Dataset.from_dict(
        {"caption": [PLAIN, AD], "by": ["platform", None], "deal": [True, False]}
    )
    posts = posts.to_iterable_dataset() if stream else posts
    columns = Columns({"text": "caption", "paid_partnership": "deal"}, ("text",))
    scored = rules.score_dataset(
        posts, Options(columns=columns), remove_columns=["caption", "deal"]
    )
    rows = list(scored)
    assert set(rows[0]) == {"by", "text", *ADDED}
    assert [row["text"] for row in rows] == [PLAIN, AD]
    assert [row["paid"] == "disclosed" for row in rows] == [True, False]
    assert [row["disclosure"] for row in rows] == ["none", "clear"]
    assert set(scored.features) == set(rows[0])


@pytest.mark.parametrize(
    ("options", "removed", "message"),
    [
        (Options(), (), "no column 'text' .found: caption."),
        (Options(columns=Columns({"text": "caption", "id": "nr"})), (), "no column 'nr'"),
        (Options(columns=Columns({"text": "caption"}, ("tag",))), (), "no column 'tag'"),
        (Options(columns=Columns({"text": "caption"})), "tag", "no column 'tag'"),
    ],
)
def test_a_column_that_is_not_there_is_refused(rules, options, removed, message):
    """Before a post is scored; where columns are not known before, with the first batch."""
    posts = Dataset.from_dict({"caption": [PLAIN]})
    for found in (posts, posts.to_iterable_dataset()):
        with pytest.raises(InputError, match=message):
            rules.score_dataset(found, options, remove_columns=removed)
    unknown = IterableDataset.from_generator(lambda: iter([{"caption": PLAIN}]))
    with pytest.raises(InputError, match=message):
        list(rules.score_dataset(unknown, options, remove_columns=removed))


def test_what_no_data_set_can_help_is_refused(rules):
    """A prevalence that cannot be set, a list of posts, a column of numbers."""
    posts = Dataset.from_dict({"text": [PLAIN]})
    with pytest.raises(ValueError, match="axes: "):
        rules.score_dataset(posts, Options(prevalence={"cause": 0.1}))
    with pytest.raises(TypeError, match="not list"):
        rules.score_dataset([PLAIN])
    with pytest.raises(InputError, match="holds int64, not text"):
        rules.score_dataset(Dataset.from_dict({"text": [1]}))
    with pytest.raises(InputError, match="not streamed"):
        rules.score_dataset(posts.to_iterable_dataset(), num_proc=2)


def test_splits_have_the_same_columns(rules):
    """Also one without a row."""
    posts = DatasetDict(
        train=Dataset.from_dict({"text": [PLAIN, AD]}),
        test=Dataset.from_dict({"text": []}, Features({"text": Value("string")})),
    )
    scored = rules.score_dataset(posts)
    assert isinstance(scored, DatasetDict)
    assert scored["train"].features == scored["test"].features == {"text": Value("string"), **TYPES}
    assert (len(scored["train"]), len(scored["test"])) == (2, 0)


def test_a_stream_is_scored_as_it_is_read(rules, asked):
    """With the features it would have else; without any, whatever its items are."""
    texts = [PLAIN, AD, None, PLAIN + " again"]
    posts = Dataset.from_dict({"text": texts}).to_iterable_dataset()
    scored = score_dataset(rules.pipeline, posts, batch_size=2)
    assert not asked
    assert scored.features == {"text": Value("string"), **TYPES}
    first = next(iter(scored))
    assert (first["text"], asked) == (PLAIN, [PLAIN, AD])
    _close(list(scored), _expected(rules, texts))
    mixed = [{"text": PLAIN}, {"text": 7}, {"text": AD, "author": "x"}]
    found = list(rules.score_dataset(IterableDataset.from_generator(lambda: iter(mixed))))
    assert [(row["error"] or "").partition(":")[0] for row in found] == ["", "type", ""]
    assert found[2]["disclosure_terms"][0]["term"] == "#ad"


@pytest.fixture
def on_disk(tmp_path):
    """A data set that ``datasets`` caches the maps of."""
    Dataset.from_dict({"text": [PLAIN, AD]}).save_to_disk(tmp_path / "posts")
    return lambda: Dataset.load_from_disk(tmp_path / "posts")


def test_the_cache_is_used_where_nothing_changed(rules_folder, on_disk, asked):
    """By another process, as it were: everything is opened anew."""
    first = Scorer.load(rules_folder).score_dataset(on_disk())
    assert asked == [PLAIN, AD]
    again = Scorer.load(rules_folder).score_dataset(on_disk())
    assert asked == [PLAIN, AD]
    assert again.to_list() == first.to_list()
    assert again.features == first.features


def _other_model(monkeypatch, options):
    del monkeypatch
    return "linear", options


def _other_rules(monkeypatch, options):
    edited = dict(program()) | {"data/text/disclosure/terms.toml": "0"}
    monkeypatch.setattr(dataset_scores, "program", lambda: edited)
    monkeypatch.setattr(pipeline_module, "program", lambda: edited)
    return None, options


def _other_options(monkeypatch, options):
    del monkeypatch
    return None, Options(jurisdiction="uk", reasons=options.reasons)


def _other_reasons(monkeypatch, options):
    del monkeypatch, options
    return None, Options(reasons="all")


CHANGES = [_other_model, _other_rules, _other_options, _other_reasons]


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_stale_comes_from_the_cache(rules_folder, on_disk, asked, monkeypatch, change):
    """Another model, rules that were changed in place, other options: all is scored anew."""
    Scorer.load(rules_folder).score_dataset(on_disk())
    asked.clear()
    model, options = change(monkeypatch, Options())
    Scorer.load(model or rules_folder).score_dataset(on_disk(), options)
    assert asked == [PLAIN, AD]


@pytest.mark.parametrize("change", [_other_model, _other_rules])
def test_a_users_own_function_is_cached_in_the_same_way(rules_folder, monkeypatch, change):
    """What datasets hashes of a scorer inside of it is its model's and the rules' fingerprint."""

    def mapped(folder):
        scorer = Scorer.load(folder)

        def score(batch):
            return {"style": [row.style for row in scorer.score(batch["text"])]}

        return Hasher.hash(score)

    before = mapped(rules_folder)
    assert mapped(rules_folder) == before
    model, _ = change(monkeypatch, Options())
    assert mapped(model or rules_folder) != before


SPAWNED = """
import json, os, sys
from datasets import Dataset
from unpolished import Scorer
posts = Dataset.from_dict({"text": json.loads(sys.argv[2]) * 3})
scorer = Scorer.load(sys.argv[1])
one, two = scorer.score_dataset(posts), scorer.score_dataset(posts, num_proc=2)
print(json.dumps([one.to_list() == two.to_list(), one.features == two.features, len(two)]))
"""


def test_processes_open_the_model_themselves(rules_folder):
    """And give the same rows."""
    command = [sys.executable, "-c", SPAWNED, str(rules_folder), json.dumps([PLAIN, AD, None])]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == [True, True, 9]
