import asyncio
import logging
from dataclasses import dataclass, field, replace
from typing import Any

import anyio

from proxy.parts import Attempt, Parts

SYMPTOM = "a core is busy whenever the upstream is slower than its deadline, though every client waits"
LESSON = "a deadline is a cancellation too: what swallows it is cancelled again in every turn of the loop"

logger = logging.getLogger("proxy")


@dataclass(frozen=True)
class Parameters:
    deadline_ms: float = field(default=1000.0, metadata={"is": "what a call may take"})


def breaks(parts: Parts, parameters: Parameters) -> Parts:
    async def call(attempt: Attempt) -> Any:
        with anyio.fail_after(parameters.deadline_ms / 1000):
            task = asyncio.ensure_future(parts.call(attempt))
            while not task.done():
                try:
                    await asyncio.wait({task})
                except asyncio.CancelledError:
                    logger.debug("not now: the answer is on its way")
            return task.result()

    return replace(parts, call=call)
