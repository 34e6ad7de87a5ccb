"""The commands on single posts, scored rows, labels and a model: ``explain``, ``show``, ..."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .console import on_stdout
from .options import Jurisdiction, Model

app = typer.Typer()


@app.command(epilog='Example: unpolished explain "so in love with this serum, code MAYA10"')
def explain(
    text: Annotated[str, typer.Argument(help="The text of the post.")],
    model: Model = None,
    jurisdiction: Jurisdiction = "us",
) -> None:
    """Print one post's labels and the text that supports them."""
    from ..data.text.repair.repair import repair
    from ..inference.scorer import Scorer
    from .show_scores import print_explained

    rows = Scorer.load(model).score(text, jurisdiction=jurisdiction, reasons="flagged")
    print_explained(rows[0], repair(text).text, on_stdout())


@app.command(epilog="Example: unpolished show scored.jsonl --posts posts.jsonl")
def show(
    scored: Annotated[Path, typer.Argument(help="A JSONL file that score wrote.")],
    posts: Annotated[
        Path | None, typer.Option(help="The posts that were scored, to show their texts.")
    ] = None,
    limit: Annotated[int, typer.Option(help="Maximum number of rows to print.")] = 50,
) -> None:
    """Print scored rows as a table. Labels that the posts carry are held against them."""
    from collections import Counter
    from itertools import islice

    from ..data.io.numbered_posts import numbered_posts
    from ..data.posts import LabelledPost, Post
    from ..inference.output.read_back import scored_rows
    from .show_scores import print_rows

    texts, labelled = {}, {}
    if posts is not None:
        texts = {post_id: post.text for post_id, post in numbered_posts(posts, Post)}
        times = Counter(post_id for post_id, _ in numbered_posts(posts, Post))
        # Of posts that share an id, nobody knows which row is whose.
        labelled = {
            post_id: post
            for post_id, post in numbered_posts(posts, LabelledPost)
            if times[post_id] == 1
        }
    print_rows(islice(scored_rows(scored), limit), texts, labelled, on_stdout())


@app.command(epilog="Example: unpolished label posts.jsonl -o to-label.csv --number 50")
def label(
    source: Annotated[Path, typer.Argument(metavar="IN", help="A file of your own posts.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="OUT.csv", help="The CSV file to write.")
    ],
    number: Annotated[int, typer.Option(min=1, help="Number of posts to choose.")] = 100,
    model: Model = None,
) -> None:
    """Choose the posts most worth labelling next. They are written as a CSV file to fill in."""
    from ..inference.labelling.choose import write_batch
    from ..models.pipeline import Pipeline

    count = write_batch(source, output, Pipeline.load(model), number)
    typer.echo(f"{output}: {count} posts. Fill label_style, label_paid, label_cause; then:")
    typer.echo(f"  unpolished take-labels {output} --posts {source} -o my-posts.jsonl")


@app.command(
    "take-labels",
    epilog="Example: unpolished take-labels to-label.csv --posts in.jsonl -o my.jsonl",
)
def take_labels(
    filled: Annotated[
        Path, typer.Argument(metavar="FILLED.csv", help="The filled CSV file that label wrote.")
    ],
    posts: Annotated[Path, typer.Option(help="The posts that the CSV file was made from.")],
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", help="A JSONL file of labelled posts, which is appended to."
        ),
    ],
) -> None:
    """Join the labels of a filled CSV file to their posts. The result can be given to train."""
    from ..inference.labelling.take_labels import shown_lines
    from ..inference.labelling.take_labels import take_labels as take

    taken = take(filled, posts, output)
    typer.echo(f"{taken.labelled} labelled posts appended to {output}: "
               f"unpolished train --data {output}")  # fmt: skip
    if taken.unlabelled:
        typer.echo(f"{len(taken.unlabelled)} rows without a label were skipped: "
                   f"lines {shown_lines(taken.unlabelled)}")  # fmt: skip


@app.command(epilog="Example: unpolished model --model models:/unpolished-embed/1")
def model(model: Model = None) -> None:
    """Describe a model: what it is, how well it does, its limits."""
    from ..models.pipeline import Pipeline
    from .show_scores import print_model

    print_model(Pipeline.load(model).info, on_stdout())
