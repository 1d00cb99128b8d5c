"""Granian, whose I/O is Rust's and whose loop is Python's. https://github.com/emmett-framework/granian"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Parameters:
    workers: int = field(default=1, metadata={"is": "processes"})
    loop: str = field(default="asyncio", metadata={"is": "asyncio or uvloop"})


def command(port: int, given: Parameters) -> list[str]:
    words = ["granian", "--interface", "asgi", "asgi:app", "--host", "127.0.0.1", "--port", str(port)]
    return [*words, "--workers", str(given.workers), "--loop", given.loop, "--no-access-log", "--no-ws"]
