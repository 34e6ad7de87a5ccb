"""Where the time of a file goes: ``python -m speed.where MODEL POSTS THREADS``, JSON out.

The stack is looked at every few milliseconds while the file is scored on one thread of ours; a look
counts for the innermost function of the project. Nothing is slowed down, unlike with a profiler
that counts calls, and what C code does counts for the function that called it.
"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

import unpolished

_ROOT = Path(unpolished.__file__).parent
_EVERY_SECONDS = 0.004
# Module or folder of the package, and where it matters its function -> what that is called for
# readers. The longest name that fits counts.
_STAGES = {
    "models.onnx.session._tokenised": "tokeniser", "models.onnx.batching": "padding",
    "models.onnx": "network",
    "data.text": "masking", "data.text.brands": "cues", "data.text.disclosure": "disclosures",
    "data.text.language": "language", "data.text.repair": "repairs",
    "models.features": "n-grams", "models.features.cues": "cues",
    "models.features.logistic": "regressions", "models.families.linear": "regressions",
    "inference.output.row_encoder": "writing", "models.rows": "rows", "models.pipeline": "rows",
    "models.decision": "rows", "inference.row_scorer": "rows",
    "inference.batch.part_scorer": "rows",
}  # fmt: skip


def stage(module: str, function: str) -> str:
    """What a function of the project is part of.

    Args:
        module: its name below the package, such as ``data.text.masking``.
        function: in it.
    """
    name = f"{module}.{function}"
    while name:
        if name in _STAGES:
            return _STAGES[name]
        name = name.rpartition(".")[0]
    return "reading, files and the rest"


def shares(looks: Mapping[str, int]) -> dict[str, float]:
    """Share of each stage, largest first."""
    found = Counter(looks)
    total = sum(looks.values())
    return {name: n / total for name, n in found.most_common()}


def _of(frame: FrameType | None) -> str:
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(_ROOT) and ".venv" not in path.parts and "speed" not in path.parts:
            module = ".".join(path.relative_to(_ROOT).with_suffix("").parts)
            return stage(module, frame.f_code.co_name)
        frame = frame.f_back
    return "the rest"


def look_while_scoring(model: Path, posts: Path, threads: int) -> Counter[str]:
    """Looks by stage; the model is loaded, and has scored a post, before the first."""
    from unpolished.inference.options import Options
    from unpolished.inference.scorer import Scorer
    from unpolished.models.runtime import Runtime

    scorer = Scorer.load(model, Runtime(threads=threads))
    scorer.score("late bus again lol")
    looks: Counter[str] = Counter()
    done, scoring = threading.Event(), threading.get_ident()

    def look() -> None:
        while not done.is_set():
            looks[_of(sys._current_frames().get(scoring))] += 1
            time.sleep(_EVERY_SECONDS)

    looker = threading.Thread(target=look)
    with tempfile.TemporaryDirectory() as folder:
        looker.start()
        try:
            scorer.score_file(posts, Path(folder) / "scored.jsonl", Options(jobs=1))
        finally:
            done.set()
            looker.join()
    return looks


if __name__ == "__main__":
    found = look_while_scoring(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
    print(json.dumps(shares(found)))
