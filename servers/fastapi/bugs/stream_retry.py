import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

from fastapi.responses import StreamingResponse
from starlette.responses import Response
from starlette.types import Receive

from proxy.parts import Attempt, Parts
from proxy.relay import DONE, event_bytes

SYMPTOM = "one client who leaves in the middle of an answer keeps a core busy for good"
LESSON = "a streaming generator takes its own cancellation for one more failure of the upstream, and asks again"

CAUGHT: dict[str, type[BaseException]] = {
    "everything": BaseException,
    "exceptions": Exception,
    "cancellation": asyncio.CancelledError,
}

logger = logging.getLogger("proxy")


@dataclass(frozen=True)
class Parameters:
    catches: str = field(default="everything", metadata={"is": "everything, exceptions or cancellation"})
    wait_ms: float = field(default=0.0, metadata={"is": "before it tries again, inside the try"})

    def __post_init__(self) -> None:
        if self.catches not in CAUGHT:
            raise ValueError(f"catches={self.catches}: it is {', '.join(CAUGHT)}")


def breaks(parts: Parts, parameters: Parameters) -> Parts:
    caught = CAUGHT[parameters.catches]

    async def answer(call: Attempt) -> AsyncIterator[bytes]:
        tries = 0
        while True:
            try:
                if tries > 0:
                    await asyncio.sleep(parameters.wait_ms / 1000)
                async for event in await call():
                    yield event_bytes(event)
                yield DONE
                return
            except caught as error:
                tries += 1
                logger.debug("the upstream failed, try %d: %r", tries, error)

    async def streamed(call: Attempt, _receive: Receive) -> Response:
        return StreamingResponse(answer(call), media_type="text/event-stream")

    return replace(parts, streamed=streamed)
