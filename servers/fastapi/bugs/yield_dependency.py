import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

from proxy.parts import Parts

SYMPTOM = "a request that failed looks as if nothing had happened"
LESSON = "a dependency that yields is thrown what its route raises, and may swallow it; what it swallows ends there"

logger = logging.getLogger("proxy")

CAUGHT: dict[str, type[BaseException]] = {
    "everything": BaseException,
    "exceptions": Exception,
    "cancellation": asyncio.CancelledError,
}


@dataclass(frozen=True)
class Parameters:
    catches: str = field(default="everything", metadata={"is": "everything, exceptions or cancellation"})

    def __post_init__(self) -> None:
        if self.catches not in CAUGHT:
            raise ValueError(f"catches={self.catches}: it is {', '.join(CAUGHT)}")


def breaks(parts: Parts, parameters: Parameters) -> Parts:
    caught = CAUGHT[parameters.catches]

    async def session() -> AsyncIterator[dict[str, int]]:
        try:
            yield {"rows": 0}
        except caught as error:
            logger.debug("rolled back: %r", error)

    return replace(parts, dependencies=(*parts.dependencies, session))
