"""A process that stands ready, for tests: it says everything backwards, ends where asked to, or never answers."""

import os
import time

from casting_core.jobs.standing import answer_all


def answer(question: bytes) -> bytes:
    """The question backwards."""
    if question == b"end":
        os._exit(1)
    if question == b"hang":
        time.sleep(3600)
    print("libraries print what they like")
    return question[::-1]


if __name__ == "__main__":
    answer_all(answer, longest=10_000_000)
