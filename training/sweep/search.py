"""One search of a sweep: an Optuna study, asked and told trial by trial.

A study that was stopped goes on as if it had not been. What the sampler draws hangs on the seed, on
how many trials have ended, and on these alone: each trial has a sampler of its own, for Optuna does
not keep the state of one. Trials that were stopped count as failed, which neither the sampler (TPE,
Bergstra et al. 2011) nor the pruner reads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..recipe import Recipe
from ..recipe_changes import changed, value_at
from ..sweep_options import Range, SweepOptions

if TYPE_CHECKING:
    import optuna
    from optuna.distributions import BaseDistribution

# A median of fewer trials says little. Medians suit few steps and few trials: successive halving
# needs many of both, and a signed-rank test of four folds cannot reach any usual level.
_MEDIAN_OF = 4
# The first fold alone gives no trial up.
_WARMUP_STEPS = 1
RUN_ID = "run_id"


@contextmanager
def storage(path: Path) -> Iterator[optuna.storages.RDBStorage]:
    """Open the SQLite file that keeps the studies of a sweep."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    path.parent.mkdir(parents=True, exist_ok=True)
    opened = optuna.storages.RDBStorage(f"sqlite:///{path}")
    try:
        yield opened
    finally:
        opened.remove_session()
        opened.engine.dispose()


@dataclass(frozen=True)
class Search:
    """A study, and what it searches.

    Attributes:
        study: of Optuna.
        recipe: whose values are replaced.
        options: its ``sweep``.
    """

    study: optuna.Study
    recipe: Recipe
    options: SweepOptions

    @classmethod
    def opened(
        cls, kept: optuna.storages.RDBStorage, name: str, recipe: Recipe, options: SweepOptions
    ) -> Search:
        """Start a study, or go on with the one of this name; what was under way has failed."""
        import optuna

        pruner: optuna.pruners.BasePruner = optuna.pruners.NopPruner()
        if options.pruner == "median":
            pruner = optuna.pruners.MedianPruner(_MEDIAN_OF, n_warmup_steps=_WARMUP_STEPS)
        study = optuna.create_study(
            storage=kept, study_name=name, direction="maximize", pruner=pruner, load_if_exists=True
        )
        for trial in study.get_trials(deepcopy=False, states=(optuna.trial.TrialState.RUNNING,)):
            study.tell(trial.number, state=optuna.trial.TrialState.FAIL)
        return cls(study, recipe, options)

    def ended(self) -> list[optuna.trial.FrozenTrial]:
        """Trials that are complete or were pruned, in their order."""
        from optuna.trial import TrialState

        return self.study.get_trials(
            deepcopy=False, states=(TrialState.COMPLETE, TrialState.PRUNED)
        )

    def ask(self) -> optuna.trial.Trial:
        """Draw the next trial; the first is the recipe as it is, where the space holds it."""
        import optuna

        n = len(self.ended())
        self.study.sampler = optuna.samplers.TPESampler(
            seed=_seed(self.options.seed, n),
            n_startup_trials=self.options.startup_trials,
            # There is one process: no other trial is under way.
            constant_liar=False,
        )
        space = distributions(self.recipe, self.options)
        start = {key: value_at(self.recipe, key) for key in space}
        held = all(_holds(of, start[key]) for key, of in space.items())
        waiting = self.study.get_trials(deepcopy=False, states=(optuna.trial.TrialState.WAITING,))
        if n == 0 and held and not waiting:
            self.study.enqueue_trial(start)
        return self.study.ask(space)

    def best(self) -> Mapping[str, Any]:
        """The values that were best."""
        return dict(self.study.best_trial.params)

    def tried(self, params: Mapping[str, Any]) -> Recipe:
        """The recipe with other values, and without its ``sweep``."""
        return with_values(self.recipe, params)


def study_name(fold: int | None) -> str:
    """What the search is called that does not see a fold."""
    return "on all folds" if fold is None else f"without fold {fold}"


def with_values(recipe: Recipe, params: Mapping[str, Any]) -> Recipe:
    """A recipe with values of its search space in place of its own; without a space."""
    return changed(recipe, params).model_copy(update={"sweep": None})


def distributions(recipe: Recipe, options: SweepOptions) -> dict[str, BaseDistribution]:
    """The search space as Optuna has it."""
    return {key: _distribution(value_at(recipe, key), of) for key, of in options.space.items()}


def _distribution(value: object, of: Range) -> BaseDistribution:
    from optuna.distributions import (
        CategoricalDistribution,
        FloatDistribution,
        IntDistribution,
    )

    if of.choices is not None or of.low is None or of.high is None:
        return CategoricalDistribution(of.choices or ())
    if isinstance(value, float) or isinstance(of.low, float) or isinstance(of.high, float):
        return FloatDistribution(float(of.low), float(of.high), log=of.log)
    return IntDistribution(int(of.low), int(of.high), log=of.log)


def _holds(of: BaseDistribution, value: Any) -> bool:  # noqa: ANN401
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if isinstance(of, CategoricalDistribution):
        return value in of.choices
    assert isinstance(of, FloatDistribution | IntDistribution)  # noqa: S101
    return isinstance(value, int | float) and of.low <= value <= of.high


def _seed(seed: int, n: int) -> int:
    return int(hashlib.sha256(f"{seed} {n}".encode()).hexdigest()[:8], 16)
