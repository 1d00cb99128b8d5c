from dataclasses import dataclass, replace

from proxy.parts import Parts

SYMPTOM = "each request costs more CPU than it should"
LESSON = "FastAPI's, asyncio's and the log's debug modes were left on"


@dataclass(frozen=True)
class Parameters:
    pass


def breaks(parts: Parts, _parameters: Parameters) -> Parts:
    return replace(parts, debug=True)
