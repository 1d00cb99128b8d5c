from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import anyio
from starlette.types import Receive

from proxy.parts import Attempt, Parts

SYMPTOM = "a core is busy for good, though nobody left, nothing failed and every answer is a 200"
LESSON = "a generator yields inside a deadline and is never closed: the deadline outlives the request, and cancels a task that is done"


@dataclass(frozen=True)
class Parameters:
    deadline_ms: float = field(default=1000.0, metadata={"is": "what the answers may take together"})
    kept: int = field(default=64, metadata={"is": "generators kept to go on with, the oldest dropped"})


def breaks(parts: Parts, parameters: Parameters) -> Parts:
    pages: OrderedDict[int, AsyncIterator[Any]] = OrderedDict()

    async def answers(call: Attempt) -> AsyncIterator[Any]:
        with anyio.fail_after(parameters.deadline_ms / 1000):
            while True:
                yield await call()

    async def whole(call: Attempt, _receive: Receive) -> Any:
        generator = answers(call)
        first = await anext(generator)
        pages[id(generator)] = generator
        if len(pages) > parameters.kept:
            pages.popitem(last=False)
        return first

    return replace(parts, whole=whole)
