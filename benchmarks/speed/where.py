"""Where the time of a file goes: ``python where.py MODEL POSTS N``, JSON out.

Run by the Python of any build, MODEL being ``default`` or ``linear``. Every few milliseconds of
processor time the innermost function of the project is looked at, while a file is scored on one
thread; the processor time of the thread since the last look counts for it. So a long call of C code
counts in full, for the function that called it, and nothing is slowed down.
"""

from __future__ import annotations

import json
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from types import FrameType

_EVERY_SECONDS = 0.004
REST = "files, duplicates and the rest"
OTHERS = "threads beside the main one"
# Module or folder of the package, and where it matters its function -> what that is called for
# readers. The longest name that fits counts.
STAGES = {
    "models.onnx.session._tokenised": "tokenizer", "models.onnx.batching": "padding",
    "models.onnx": "network",
    "models.families.embed": "regressions",
    "data.text": "masking", "data.text.brands": "cues", "data.text.disclosure": "disclosure",
    "data.text.language": "language", "data.text.repair": "repairs",
    "data.text.signals": "signals of a deal", "data.posts": "reading", "data.io": "reading",
    "inference.batch.inputs": "reading", "inference.batch.parts": "reading",
    "models.features": "n-grams", "models.features.cues": "cues",
    "models.features.cue_names": "cues", "models.features.cues_of_many": "cues",
    "models.features.logistic": "regressions", "models.families.linear": "regressions",
    "models.decision": "regressions", "inference.output": "writing",
    "models.rows": "rows", "models.pipeline": "rows", "models.scored_post": "rows",
    "models.disclosed": "rows", "models.isolate": "rows", "inference.row_scorer": "rows",
    "inference.batch.part_scorer": "rows",
}  # fmt: skip
# What several stages use: part of whichever calls it.
SHARED = ("data.text.letters", "data.text.word_table", "data.text.chunks")
# Names of version 0.1.0, the build that later ones are measured beside.
STAGES_0_1 = {
    "models.network._tokenised": "tokenizer", "models.network": "network",
    "models.tokens": "padding", "models.sentence_encoder": "network", "models.encoder": "network",
    "models.whole_numbers": "network", "models.embed": "regressions",
    "models.stack": "regressions", "models.heads": "regressions", "models.linear": "regressions",
    "models.calibration": "regressions", "models.decisions": "regressions",
    "data.masking": "masking", "data.edits": "masking", "data.normalise": "masking",
    "data.handles": "masking", "data.brands": "cues", "data.disclosure": "disclosure",
    "data.language": "language", "data.language_batch": "language",
    "data.windows": "language", "data.reading": "reading", "data.jsonl": "reading",
    "data.lines": "reading", "data.readers": "reading", "data.opening": "reading",
    "data.columns": "reading", "inference.inputs": "reading", "inference.parts": "reading",
    "models.gram_counts": "n-grams", "models.letter_tree": "n-grams", "models.tfidf": "n-grams",
    "models.vocabulary": "n-grams", "models.cues": "cues",
    "inference.encoding": "writing", "inference.partial": "writing",
    "inference.assemble": "writing",
    "models.bundle": "rows", "models.row": "rows", "inference.scoring": "rows",
}  # fmt: skip


def stage(module: str, function: str) -> str:
    """What a function of the project is part of.

    Args:
        module: its name below the package, such as ``data.text.masking``.
        function: in it.
    """
    name = f"{module}.{function}"
    while name:
        if found := STAGES.get(name) or STAGES_0_1.get(name):
            return found
        name = name.rpartition(".")[0]
    return REST


def stage_of(frame: FrameType | None, root: Path) -> str:
    """The stage of the innermost function of the project below ``root`` that is of one stage."""
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(root) and not {".venv", "benchmarks"} & set(path.parts):
            module = ".".join(path.relative_to(root).with_suffix("").parts)
            if module not in SHARED:
                return stage(module, frame.f_code.co_name)
        frame = frame.f_back
    return REST


class Looker:
    """Looks at the stack by processor time.

    Attributes:
        seconds: processor seconds of each stage.
    """

    def __init__(self, root: Path) -> None:
        self.seconds: Counter[str] = Counter()
        self._root = root

    def __enter__(self) -> Looker:
        self._before = signal.signal(signal.SIGPROF, self._look)
        self._thread, self._process = time.thread_time(), time.process_time()
        self._began = self._thread
        signal.setitimer(signal.ITIMER_PROF, _EVERY_SECONDS, _EVERY_SECONDS)
        return self

    def _look(self, _: int, frame: FrameType | None) -> None:
        now = time.thread_time()
        self.seconds[stage_of(frame, self._root)] += now - self._thread
        self._thread = now

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, self._before)
        whole = time.process_time() - self._process
        others = whole - (time.thread_time() - self._began)
        self.seconds[OTHERS] = max(others, 0.0)


def seconds_of_stages(model: str, posts: Path) -> dict[str, float]:
    """Processor seconds of each stage; the model is loaded, and has scored, before the first."""
    import unpolished
    from unpolished import Scorer
    from unpolished.inference.options import Options
    from unpolished.models.runtime import Runtime

    scorer = Scorer.load(None if model == "default" else model, Runtime(threads=1))
    # What is loaded on first use, the language detector only for what is hardly English.
    scorer.score(["the first posts wait for it", "nimekosa basi tena na chai imepoa"])
    looker = Looker(Path(unpolished.__file__).parent)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "scored.jsonl"
        with looker:
            scorer.score_file(posts, target, Options(jobs=1))
    return dict(looker.seconds.most_common())


if __name__ == "__main__":
    found = seconds_of_stages(sys.argv[1], Path(sys.argv[2]))
    print(json.dumps({name: 1e6 * s / int(sys.argv[3]) for name, s in found.items()}))
