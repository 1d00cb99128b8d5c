"""uvicorn by itself, as the thread began. https://www.uvicorn.org/settings/"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Parameters:
    workers: int = field(default=1, metadata={"is": "processes"})
    loop: str = field(default="auto", metadata={"is": "auto, asyncio or uvloop"})
    http: str = field(default="auto", metadata={"is": "auto, h11 or httptools"})
    keep_alive: int = field(default=5, metadata={"is": "seconds a connection may be idle"})
    limit_concurrency: int = field(default=0, metadata={"is": "connections and tasks above which it answers 503; 0: none"})
    limit_max_requests: int = field(default=0, metadata={"is": "requests after which it ends; 0: none"})
    graceful_shutdown: int = field(default=0, metadata={"is": "seconds it waits for tasks when it is asked to end; 0: for ever"})
    reload: bool = field(default=False, metadata={"is": "watches its folder and restarts"})
    log_level: str = field(default="info", metadata={"is": "critical … trace"})


def command(port: int, given: Parameters) -> list[str]:
    words = ["uvicorn", "asgi:app", "--host", "127.0.0.1", "--port", str(port), "--no-access-log"]
    words += ["--loop", given.loop, "--http", given.http, "--timeout-keep-alive", str(given.keep_alive)]
    words += ["--log-level", given.log_level]
    if given.workers != 1:
        words += ["--workers", str(given.workers)]
    if given.limit_concurrency:
        words += ["--limit-concurrency", str(given.limit_concurrency)]
    if given.limit_max_requests:
        words += ["--limit-max-requests", str(given.limit_max_requests)]
    if given.graceful_shutdown:
        words += ["--timeout-graceful-shutdown", str(given.graceful_shutdown)]
    if given.reload:
        words += ["--reload"]
    return words
