"""Every command: where it is, and what it does in a sentence, so that help imports none of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

COMMANDS = {
    "score": {
        "score": "Score posts: one row of labels and probabilities per post.",
        "verify": "Check that an output is unchanged and complete.",
    },
    "vet": {
        "vet": "Vet creators: a table, the evidence for each claim, and a report to read.",
    },
    "serve": {
        "serve": "Score posts over HTTP, with a page to try it on.",
        "api-key": "Make an API key for the service, and print it this once.",
    },
    "convert": {
        "formats": "List the exports that are recognised, with what their paid label means.",
        "convert": "Write posts under the names of their fields, one JSON object a line, without "
        "scoring them.",
    },
    "posts": {
        "explain": "Print one post's labels and the text that supports them.",
        "show": "Print scored rows as a table.",
        "label": "Choose the posts most worth labelling next.",
        "take-labels": "Join the labels of a filled CSV file to their posts.",
        "model": "Describe a model: what it is, how well it does, its limits.",
    },
    "train": {
        "data": "Download, check, convert and count the public sources.",
        "train": "Train, evaluate and track one recipe.",
        "recipe": "Print a recipe with all its keys and what they mean, to be changed and trained "
        "by.",
        "evaluate": "Print the metrics of a completed run.",
    },
    "compare": {
        "compare": "Print completed runs side by side, or the paired differences of those that are "
        "named.",
    },
    "tune": {
        "sweep": "Tune a recipe, and say what that is worth on posts that no choice was made on.",
        "ablate": "Take one thing after another away from a recipe, and say what each is worth.",
    },
    "runs": {
        "reproduce": "Train a run again, and say metric by metric and row by row whether it gives "
        "the same.",
        "errors": "Show the posts that a run is most wrong about, and the kinds of posts it does "
        "worse on.",
    },
    "models": {
        "promote": "Make the model of a run the champion of its data.",
        "rollback": "Make the previous champion of a data set its champion again.",
        "ship": "Replace a shipped model by the model of a run.",
        "author-stage": "Fit and measure the stage by which vet reads a post beside its author's "
        "other posts.",
        "folds": "Rebuild data/labels/folds.csv after labels have changed.",
        "store": "Create the tracking store before several processes use it.",
        "results": "Write the results table of docs/results.md from tracked runs.",
    },
}  # fmt: skip
SUMMARIES = {name: text for found in COMMANDS.values() for name, text in found.items()}


class CommandGroup(TyperGroup):
    """A group whose commands are imported when they are run."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401  (those of typer)
        super().__init__(**settings)
        # No command is ever added.
        self.commands = _Imported()  # type: ignore[assignment]

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        """List the commands by their summaries."""
        listed = {name: TyperCommand(name, help=text) for name, text in SUMMARIES.items()}
        TyperGroup(name=self.name, commands=dict(listed)).format_commands(ctx, formatter)


class _Imported(Mapping[str, Any]):
    """Commands by name, each imported with its module."""

    def __init__(self) -> None:
        self._modules = {name: module for module, found in COMMANDS.items() for name in found}
        self._known: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401  (a class of typer that it keeps)
        if name not in self._known:
            module = import_module(f".{self._modules[name]}", __package__)
            # In a group of its own, so that typer builds a command under its own name.
            group = typer.Typer(rich_markup_mode=None)
            group.add_typer(module.app)
            self._known |= typer.main.get_group(group).commands
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)
