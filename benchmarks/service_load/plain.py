"""The plain way: FastAPI around ``transformers.pipeline``; ``python plain.py FOLDER PORT``."""

from __future__ import annotations

import sys
from typing import Any

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

# As many as the shipped model reads.
MAX_TOKENS, BATCH = 256, 32


class Posts(BaseModel):
    """Texts to score."""

    posts: list[str]
    reasons: str = "none"


def app_around(folder: str) -> FastAPI:
    """As the documentation of both has it."""
    from transformers import pipeline
    from transformers.utils import logging

    logging.disable_progress_bar()
    classify = pipeline(
        "text-classification", model=folder, tokenizer=folder, top_k=None,
        function_to_apply="sigmoid", device="cpu", batch_size=BATCH,
    )  # fmt: skip
    app = FastAPI()

    @app.post("/v1/score")
    def score(body: Posts) -> list[Any]:
        return list(classify(body.posts, truncation=True, max_length=MAX_TOKENS))

    return app


if __name__ == "__main__":
    uvicorn.run(app_around(sys.argv[1]), port=int(sys.argv[2]), log_level="warning")
