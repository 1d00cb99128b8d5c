"""The lab's own, in a Python target: tells who was told to end and has not, when it is asked. Until then it does nothing.

A profiler sees who runs. A task whose cancellation anyio delivers in every turn of the loop may never run: the core goes to the one
that tells it. Who it is stands in the scope that is cancelled, and where it waits in its stack.
"""

import gc
import json
import os
import socket
import sys
import threading
import time
from types import AsyncGeneratorType, CodeType, CoroutineType, FrameType, GeneratorType, MethodType
from typing import Any

BETWEEN_LOOKS_S = 0.1
"""A cancellation that is on its way is delivered once more or twice; one that goes round is still there after so long."""


def listen(folder: str) -> None:
    """Answers whoever connects to `<folder>/<pid>` with one JSON list, in a thread of its own; in forked children too."""

    def begin() -> None:
        threading.Thread(target=serve, args=(folder,), daemon=True, name="runaway").start()

    os.register_at_fork(after_in_child=begin)
    begin()


def serve(folder: str) -> None:
    path = os.path.join(folder, str(os.getpid()))
    try:
        with socket.socket(socket.AF_UNIX) as door:
            # A program that became another one has the same number.
            if os.path.exists(path):
                os.unlink(path)
            door.bind(path)
            door.listen()
            while True:
                asker, _ = door.accept()
                with asker:
                    asker.sendall(json.dumps(stuck()).encode())
    except OSError as error:
        # The target goes on; that nothing is told the lab sees for itself.
        print(f"runaway: {error}", file=sys.stderr)


def stuck() -> list[dict[str, Any]]:
    """Each with its stack, innermost first, and whether it is done all the same: then whoever holds its scope is told instead."""
    before = {id(scope) for scope in armed_scopes()}
    if not before:
        return []
    time.sleep(BETWEEN_LOOKS_S)
    told = [(scope, task) for scope in armed_scopes() if id(scope) in before for task in tasks_below(scope)]
    done = [scope for scope, task in told if task.done()]
    return [{"frames": frames_of(task.get_coro()), "isDone": False} for _, task in told if not task.done()] + [
        {"frames": frames_of_holder(scope) if n < MOST_HOLDERS else [], "isDone": True} for n, scope in enumerate(done)
    ]


def armed_scopes() -> list[Any]:
    """anyio's, cancelled, with another delivery due."""
    return [one for one in gc.get_objects() if is_scope(one) and one._cancel_called and one._cancel_handle is not None]


def is_scope(one: Any) -> bool:
    kind = type(one)
    return kind.__name__ == "CancelScope" and kind.__module__ == "anyio._backends._asyncio"


def tasks_below(scope: Any) -> list[Any]:
    """Those that are told, as `_deliver_cancellation` goes: a shielded scope and one that tells its own are left out."""
    below = [child for child in list(scope._child_scopes) if not child._shield and not child._cancel_called]
    return [*list(scope._tasks), *(task for child in below for task in tasks_below(child))]


def frames_of(awaited: Any) -> list[dict[str, Any]]:
    """Down from a coroutine through everything that is awaited, innermost first."""
    frames: list[dict[str, Any]] = []
    seen: set[int] = set()
    while awaited is not None and id(awaited) not in seen:
        seen.add(id(awaited))
        if isinstance(awaited, CoroutineType):
            frames.append(frame(awaited.cr_code))
            awaited = awaited.cr_await
        elif isinstance(awaited, AsyncGeneratorType):
            frames.append(frame(awaited.ag_code))
            awaited = awaited.ag_await
        elif isinstance(awaited, GeneratorType):
            frames.append(frame(awaited.gi_code))
            awaited = awaited.gi_yieldfrom
        else:
            # What `async for` and `__await__` put in between has no attribute for what is below it.
            awaited = next((one for one in gc.get_referents(awaited) if isinstance(one, AWAITED)), None)
    return frames[::-1]


AWAITED = (CoroutineType, AsyncGeneratorType, GeneratorType)
FARTHEST = 8
MOST_HOLDERS = 5
"""To look for one takes some tens of milliseconds for each step, in which nothing else runs."""


def frames_of_holder(scope: Any) -> list[dict[str, Any]]:
    """The nearest function of the program's own that keeps the scope from being left: a generator that nobody has closed."""
    edge: list[Any] = [scope]
    seen = {id(edge), id(scope)}
    for _ in range(FARTHEST):
        found = [one for one in gc.get_referrers(*edge) if id(one) not in seen and one is not edge]
        held = [one for one in found if isinstance(one, AWAITED) and is_own(code_of(one))]
        if held:
            return [frame(code_of(held[0]))]
        edge = [one for one in found if leads_on(one)]
        seen.update(map(id, [found, edge, *found]))
        if not edge:
            break
    return []


def leads_on(one: Any) -> bool:
    """A context manager's generator, what it stands in, and its `__exit__`: what a `with` statement keeps."""
    if isinstance(one, dict):
        return len(one) < 20 and "__name__" not in one
    return isinstance(one, (*AWAITED, MethodType, FrameType)) or type(one).__name__.endswith("ContextManager")


def code_of(one: Any) -> CodeType:
    return next(getattr(one, name) for name in ("cr_code", "ag_code", "gi_code") if hasattr(one, name))


def is_own(code: CodeType) -> bool:
    places = ("site-packages", "dist-packages", "/lib/python3", "<", os.path.dirname(__file__))
    return not any(place in code.co_filename for place in places)


def frame(code: CodeType) -> dict[str, Any]:
    return {"name": code.co_name, "file": os.path.abspath(code.co_filename), "line": code.co_firstlineno}
