"""The commands ``serve`` and ``api-key``: scoring over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from .options import Model

app = typer.Typer()
_MB = 1 << 20
_DAY = 24 * 3600


@app.command(epilog="Example: unpolished serve --port 8000")
def serve(
    model: Model = None,
    precision: Annotated[
        Literal["float32", "int8"] | None,
        typer.Option(
            help="Arithmetic of a neural model, if not its own (default: int8 on a processor): "
            "int8 is faster, float32 more exact."
        ),
    ] = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; others than this machine's need --keys.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes one that is free.")] = 8000,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(help="A name under which clients reach the service; may be repeated."),
    ] = None,
    keys: Annotated[
        Path | None,
        typer.Option(help="File of API keys, see unpolished api-key. Without: none is needed."),
    ] = None,
    jobs: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Folder that keeps files of posts, and their results. Default: one in the cache, "
            "by the port.",
        ),
    ] = None,
    no_jobs: Annotated[bool, typer.Option("--no-jobs", help="Take no files.")] = False,
    keep_jobs: Annotated[
        float, typer.Option(min=0, help="Days after which the results of a file are deleted.")
    ] = 7.0,
    max_body: Annotated[int, typer.Option(min=1, help="MB of a request with posts.")] = 16,
    max_upload: Annotated[int, typer.Option(min=1, help="MB of a file of posts.")] = 1024,
    max_waiting: Annotated[
        int, typer.Option(min=1000, help="Posts that may wait; beyond, clients are asked to wait.")
    ] = 4000,
    max_jobs: Annotated[int, typer.Option(min=1, help="Files that may wait.")] = 100,
    timeout: Annotated[
        float, typer.Option(min=1, help="Seconds that scoring the posts of a request may take.")
    ] = 60.0,
) -> None:
    """Score posts over HTTP, with a page to try it on."""
    try:
        from ..inference.service.app import create_app
        from ..inference.service.run import run
    except ImportError as error:
        raise ImportError(f"{error}: pip install 'unpolished[serve]'") from error
    from ..data.cache import cache_folder
    from ..inference.service.settings import Settings
    from ..models.pipeline import Pipeline
    from ..models.runtime import Runtime

    if no_jobs and jobs is not None:
        raise typer.BadParameter("--jobs and --no-jobs contradict each other: give one of them")
    folder = None if no_jobs else jobs or cache_folder() / "jobs" / str(port)
    settings = Settings(
        host=host, port=port, allowed_hosts=tuple(allow_host or ()), keys=keys, jobs=folder,
        max_body=max_body * _MB, max_upload=max_upload * _MB, max_waiting=max_waiting,
        max_jobs=max_jobs, timeout=timeout, keep_jobs=keep_jobs * _DAY,
    )  # fmt: skip
    pipeline = Pipeline.load(model, Runtime(precision=precision))
    service = create_app(pipeline, settings)
    run(service, settings, lambda url: typer.echo(f"unpolished: listening on {url}", err=True))


@app.command("api-key", epilog="Example: unpolished api-key newsroom --keys keys.txt")
def api_key(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose key it is.")],
    keys: Annotated[Path, typer.Option(help="File that its hash is added to.")],
) -> None:
    """Make an API key for the service, and print it this once."""
    from ..inference.service.keys import add_key

    typer.echo(add_key(keys, name))
