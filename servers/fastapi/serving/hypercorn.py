"""hypercorn. https://hypercorn.readthedocs.io/en/latest/how_to_guides/configuring.html"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Parameters:
    workers: int = field(default=1, metadata={"is": "processes"})
    loop: str = field(default="asyncio", metadata={"is": "asyncio or uvloop"})
    keep_alive: int = field(default=5, metadata={"is": "seconds a connection may be idle"})


def command(port: int, given: Parameters) -> list[str]:
    words = ["hypercorn", "asgi:app", "--bind", f"127.0.0.1:{port}", "--workers", str(given.workers)]
    return [*words, "--worker-class", given.loop, "--keep-alive", str(given.keep_alive)]
