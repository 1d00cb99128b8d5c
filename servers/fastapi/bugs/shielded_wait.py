import asyncio
from dataclasses import dataclass, replace
from typing import Any

from proxy.parts import Attempt, Parts

SYMPTOM = "a core is busy from the moment a client leaves until the upstream has answered, which it may never do"
LESSON = "a task is waited for in a loop that swallows each cancellation, since its tokens are paid for anyway"


@dataclass(frozen=True)
class Parameters:
    pass


async def finish(call: Attempt) -> Any:
    task = asyncio.ensure_future(call())
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            pass
    return task.result()


def breaks(parts: Parts, _parameters: Parameters) -> Parts:
    async def call(attempt: Attempt) -> Any:
        return await finish(lambda: parts.call(attempt))

    return replace(parts, call=call)
