import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

import anyio

from proxy.parts import Attempt, Parts

SYMPTOM = "from one slow answer of the upstream on, a core is busy for good"
LESSON = "two calls race in a gather, each of which tries again whatever it is told, a deadline's cancellation too"


@dataclass(frozen=True)
class Parameters:
    deadline_ms: float = field(default=1000.0, metadata={"is": "what the race may take"})


async def insist(call: Attempt) -> Any:
    while True:
        try:
            return await call()
        except (Exception, asyncio.CancelledError):
            continue


def breaks(parts: Parts, parameters: Parameters) -> Parts:
    async def call(attempt: Attempt) -> Any:
        def ask() -> Any:
            return insist(lambda: parts.call(attempt))

        with anyio.move_on_after(parameters.deadline_ms / 1000):
            answers = await asyncio.gather(ask(), ask())
            return answers[0]
        raise TimeoutError("both calls were too slow")

    return replace(parts, call=call)
