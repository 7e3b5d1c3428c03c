"""The one door through which parallel work goes: any ``concurrent.futures`` executor, or none.

Tasks are pure functions of picklable arguments, seeds included, so that results do not depend on
the executor, on the number of workers, or on the order in which they finish.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from jacspec.numerics.support.budget import allow, allowed
from jacspec.numerics.support.errors import InputError

Task = TypeVar("Task")
Result = TypeVar("Result")


def run(
    function: Callable[[Task], Result], tasks: Sequence[Task], executor: Executor | None = None
) -> Iterator[tuple[Task, Result]]:
    """Yield (task, function(task)) as results arrive; in order, in this process, without an executor."""
    if executor is None:
        for task in tasks:
            yield task, function(task)
        return
    futures = {executor.submit(function, task): task for task in tasks}
    for future in as_completed(futures):
        yield futures[future], future.result()


_threads: ContextVar[tuple[ThreadPoolExecutor, int] | None] = ContextVar("_threads", default=None)
"""Those that are there for whoever asks in this thread, and how many; a thread of theirs has none."""


@contextmanager
def thread_pool(workers: int) -> Iterator[None]:
    """Let :func:`side_by_side` use so many threads within the block, if this thread has none yet."""
    if workers < 2 or _threads.get() is not None:
        yield
        return
    pool = ThreadPoolExecutor(workers)
    token = _threads.set((pool, workers))
    try:
        yield
    finally:
        _threads.reset(token)
        pool.shutdown(cancel_futures=True)


def side_by_side(function: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
    """The results of tasks in NumPy, which frees the interpreter while it works, by the threads there are.

    A few tasks run one after another here, so that each may use all of the threads. FLINT is left alone: it
    has one precision, and does not free the interpreter.
    """
    held = _threads.get()
    return map(function, tasks) if held is None or 2 * len(tasks) <= held[1] else held[0].map(function, tasks)


def shares(length: int) -> list[slice]:
    """A range in a part for each thread that is there."""
    held = _threads.get()
    parts = 1 if held is None else held[1]
    return [slice(length * k // parts, length * (k + 1) // parts) for k in range(parts)]


# Workers are forked from a server, which has no threads but those of libraries that see to it: a fork of this
# process would copy whatever threads (progress bars) are running here. The server imports once for all.
_FORKED = sys.platform == "linux"
_PROCESSES = multiprocessing.get_context("forkserver") if _FORKED else multiprocessing.get_context("spawn")


def import_for_workers(module: str) -> None:
    """Let the server from which workers are forked import a module, while this process goes on.

    Where workers are not forked, or if there is a server, nothing is done.
    """
    if _FORKED:
        from multiprocessing.forkserver import ensure_running  # not everywhere

        _PROCESSES.set_forkserver_preload([module])
        with _ignoring_interrupts():
            ensure_running()


@contextmanager
def process_pool(workers: int, module: str = __name__) -> Iterator[Executor | None]:
    """Provide a pool of processes, or None for a single worker; an interrupt ends the workers at once.

    What they work with is imported by the ``module``: see :func:`import_for_workers`. Whoever works looks for
    garbage more seldom than Python does.
    """
    if workers <= 1:
        usual = gc.get_threshold()
        gc.set_threshold(*_SELDOM)
        try:
            yield None
        finally:
            gc.set_threshold(*usual)
        return
    import_for_workers(module)
    if _FORKED:  # once a first one has ended, the server has imported, and the others are there at once
        first = _PROCESSES.Process(target=_nothing)
        first.start()
        first.join()
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(workers, mp_context=_PROCESSES, initializer=_begin_work, initargs=(allowed(),))
    with _ignoring_interrupts():
        pool.submit(_nothing)  # starts the workers, which inherit that
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in set(multiprocessing.active_children()) - others:
            worker.terminate()
        raise
    pool.shutdown()


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """The workers of a Dask cluster, by the address of its scheduler, as an executor.

    What a worker had begun when it died another begins again; of results nothing depends on that. Raises
    InputError without Dask, or a scheduler; BrokenExecutor for a task of which several workers died.
    """
    try:
        from distributed import Client, KilledWorker
    except ImportError as error:
        message = "Dask is not installed; expected it for a cluster: pip install 'jacspec[cluster]'"
        raise InputError(message) from error
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        message = (
            f"cluster {address!r}: no scheduler answers there; expected the address that 'dask scheduler' "
            f"prints, such as tcp://127.0.0.1:8786: start one"
        )
        raise InputError(message) from error
    with client:
        try:
            yield client.get_executor(pure=False)
        except KilledWorker as error:
            message = "several workers of the cluster died at one task"
            raise BrokenExecutor(message) from error


_PATIENCE = "20s"
_SELDOM = (5000, 20, 100)
"""When Python looks for garbage; at 700, 10, 10, as usual, what is remembered is looked through too often."""


@contextmanager
def _ignoring_interrupts() -> Iterator[None]:
    """Leave Ctrl-C aside for a moment; only the main thread can, and needs to."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _nothing() -> None:
    """No work."""


def _begin_work(memory: int) -> None:
    """Leave Ctrl-C to the parent process, which ends its workers itself; should it be killed, end too."""
    allow(memory)
    gc.set_threshold(*_SELDOM)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
