"""How long whole answers take in the data folder in use: asked one after another, and by ten users at once."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from assistant import open_assistant
from assistant.answer.pipeline import Assistant
from evals.tasks import read_questions
from evals.timing import seconds, short_questions, spread

_ROUNDS = 5
_USERS = 10
_EVERY = 15.0  # seconds from one question of a user to the next
_JITTER = 0.3  # of that, at most, sooner or later
_LASTING = 120.0
_SEED = 7


def one_after_another() -> dict[str, str]:
    """Return p50 and p95 of answers: to short questions, and to those of the development set as they stand."""
    assistant = open_assistant()
    cases = [case.question for case in read_questions(assistant.knowledge)]
    figures = extent(assistant)
    for name, questions in (("short questions", short_questions(_ROUNDS, "speed")), ("development questions", cases)):
        assistant.ask("AI Act Article 26")
        times = [seconds(assistant.ask, question) for question in questions]
        figures[f"answer to {name}, p50 / p95 of {len(times)}"] = spread(times)
    return figures


def many_users() -> dict[str, str]:
    """Return p50 and p95 of answers to ten users, each of whom asks every 15 seconds for two minutes."""
    assistant = open_assistant()
    assistant.ask("AI Act Article 26")
    times = served(assistant.ask, short_questions(_USERS, "users"), _USERS, _EVERY, _LASTING)
    return {**extent(assistant), f"answer to one of {_USERS} users, p50 / p95 of {len(times)}": spread(times)}


def extent(assistant: Assistant) -> dict[str, str]:
    """Return what is searched: official texts on this machine, and passages."""
    installed = f"{len(assistant.library.installed())} of {len(assistant.knowledge.texts)}"
    return {"official texts installed": installed, "passages of the law": f"{len(assistant.index.passages):,}"}


def served(
    call: Callable[[str], object], questions: Iterable[str], users: int, every: float, lasting: float, seed: int = _SEED
) -> list[float]:
    """Return how long each call took; every user starts at a moment of their own and pauses about ``every`` seconds.

    Raises:
        Exception: whatever a call raised; the others are waited for.
    """
    left, taking = iter(questions), threading.Lock()
    end = time.perf_counter() + lasting

    def use(user: int) -> list[float]:
        chance, times = random.Random(seed * users + user), []  # noqa: S311 - moments, no secrets
        moment = end - lasting + chance.uniform(0, every)
        while moment < end:
            time.sleep(max(0.0, moment - time.perf_counter()))
            with taking:
                question = next(left, None)
            if question is None:
                break
            times.append(seconds(call, question))
            moment += every * (1 + chance.uniform(-_JITTER, _JITTER))
        return times

    with ThreadPoolExecutor(users) as pool:
        return [one for times in pool.map(use, range(users)) for one in times]
