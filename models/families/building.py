"""What every family's ``build`` is given, and the recipe keys of families that read an encoder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field

from ..options import ModelOptions

if TYPE_CHECKING:
    from ...data.labelled_texts import LabelledTexts
    from ..finetune.fit import OnStep


@dataclass(frozen=True)
class Setup:
    """What a model is built with, beside the keys of its recipe.

    Attributes:
        cache: where exported encoders, embeddings and fits are kept.
        seed: of everything random.
        on_step: told how a long fit goes on.
        spare: posts that share no group with one that is judged, whose texts an encoder may learn
            from without their labels; None where there are none.
    """

    cache: Path
    seed: int = 0
    on_step: OnStep | None = None
    spare: LabelledTexts | None = None


class EncoderSource(ModelOptions):
    """Another sentence encoder than the pinned small one.

    Attributes:
        name: ``all-mpnet-base-v2`` for the teacher, a folder, or a hub name.
        revision: commit of the hub repository; needed for a hub name.
    """

    name: str
    revision: str | None = None

    def folder(self) -> Path:
        """The folder, downloaded from the hub where it is no local one.

        Raises:
            ValueError: a hub name without a revision.
            ImportError: the teacher's packages are not installed.
        """
        from ..finetune.pinned import PINNED_SHA256, pinned_encoder

        if self.name in PINNED_SHA256:
            return pinned_encoder(self.name)
        if Path(self.name).is_dir():
            return Path(self.name)
        if self.revision is None:
            raise ValueError(
                f"encoder {self.name!r} is no folder: for a hub name give its revision (a commit)"
            )
        from huggingface_hub import snapshot_download

        return Path(
            snapshot_download(
                self.name,
                revision=self.revision,
                allow_patterns=["*.json", "*.txt", "model.safetensors"],
            )
        )


class EncoderKey(ModelOptions):
    """The key of a recipe that names an encoder.

    Attributes:
        encoder: another one than the pinned encoder.
    """

    encoder: EncoderSource | None = None


class EncoderLayers(EncoderKey):
    """Which encoder is read, and how much of it.

    Attributes:
        layers: of the encoder, from below, each of which gives an embedding; None for the last
            layer's alone.
        last_alone: of these layers, only the last gives an embedding.
    """

    layers: int | None = Field(4, ge=1)
    last_alone: bool = False


def encoder_folder(source: EncoderSource | None) -> Path:
    """Folder of the encoder to fine-tune: the pinned one, where a recipe names no other.

    Raises:
        ValueError: a hub name without a revision.
        ImportError: the extra ``train`` is not installed.
    """
    from ..finetune.pinned import pinned_encoder

    return pinned_encoder() if source is None else source.folder()
