"""The dashboard's way from bytes to a score, in a process of its own as there: one that never imports TensorFlow."""

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context

from casting_core.workflows.judging.inspect import Finding, judge
from casting_core.workflows.judging.model import Model, load_model


@dataclass(frozen=True, kw_only=True)
class Judge:
    """Judges photos with one model version, over there."""

    model: str
    pool: ProcessPoolExecutor

    def judge(self, content: bytes) -> tuple[Finding, float]:
        """What it says of the photo in these bytes, and the seconds that took, without the way there and back."""
        return self.pool.submit(_judge, self.model, content).result()


@contextmanager
def judge_with(model: str) -> Iterator[Judge]:
    """A process that judges with this model version."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield Judge(model=model, pool=pool)


def _judge(name: str, content: bytes) -> tuple[Finding, float]:
    model = _loaded(name)
    began = time.perf_counter()
    finding = judge(content, model)
    return finding, time.perf_counter() - began


@cache
def _loaded(name: str) -> Model:
    return load_model(name)
