"""How a start shares its time: ``python clock_start.py BEGAN ARGUMENTS...``, JSON out.

Runs the command line of whichever build is installed in this process, with a clock in imports
(wherever they are made), in opening the model, and in the rest. BEGAN is when the process was
started, as ``time.time()`` has it. Uses nothing of the project but what all of its builds have.
"""

import builtins
import importlib
import json
import sys
import time

# Before anything else is imported.
STARTED = time.time()
# Module and class whose method ``load`` opens a model; the first one that is there counts.
OPENERS = (("unpolished.models.pipeline", "Pipeline"), ("unpolished.inference.scorer", "Scorer"))
INTERPRETER, IMPORTS, LOADING, REST = "interpreter", "imports", "opening the model", "first post"


class Clock:
    """Wall seconds of stages, those of one inside another taken off."""

    def __init__(self):  # noqa: ANN204
        self.seconds = dict.fromkeys((IMPORTS, LOADING, REST), 0.0)
        self.stage, self.since = REST, time.perf_counter()

    def enter(self, stage):  # noqa: ANN001, ANN201
        """Change to a stage; returns the one before."""
        before, now = self.stage, time.perf_counter()
        self.seconds[before] += now - self.since
        self.stage, self.since = stage, now
        return before

    def timed(self, stage, function):  # noqa: ANN001, ANN201
        """The same function with a clock; inside of its own stage it is only called."""

        def call(*given, **named):  # noqa: ANN002, ANN003, ANN202
            if self.stage == stage:
                return function(*given, **named)
            before = self.enter(stage)
            try:
                return function(*given, **named)
            finally:
                self.enter(before)

        return call


def watch_imports(clock) -> None:  # noqa: ANN001
    """Put the clock into imports, and into ``load`` once its class is there."""
    waiting = list(OPENERS)

    def watched(function):  # noqa: ANN001, ANN202
        timed = clock.timed(IMPORTS, function)

        def call(*given, **named):  # noqa: ANN002, ANN003, ANN202
            found = timed(*given, **named)
            if waiting and clock.stage != IMPORTS:
                for module, name in waiting:
                    opener = getattr(sys.modules.get(module), name, None)
                    if opener is not None:
                        plain = opener.load.__func__
                        opener.load = classmethod(clock.timed(LOADING, plain))
                        waiting.clear()
                        break
            return found

        return call

    builtins.__import__ = watched(builtins.__import__)
    importlib.import_module = watched(importlib.import_module)


def main() -> None:
    """Run the command line and print the seconds of each stage."""
    began = float(sys.argv[1])
    clock = Clock()
    watch_imports(clock)
    from unpolished.cli import main as command

    sys.argv[:] = ["unpolished", *sys.argv[2:]]
    try:
        command()
    except SystemExit as end:
        if end.code:
            raise
    clock.enter(REST)
    print(json.dumps({INTERPRETER: STARTED - began, **clock.seconds}))


if __name__ == "__main__":
    main()
