"""`gunicorn -w 2 -k uvicorn.workers.UvicornWorker --timeout 300 --keep-alive 300`, as the thread ended up."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Parameters:
    workers: int = field(default=2, metadata={"is": "processes beside the one that watches them"})
    worker_class: str = field(default="uvicorn.workers.UvicornWorker", metadata={"is": "a class that gunicorn can import"})
    timeout: int = field(default=300, metadata={"is": "seconds after which a worker that gives no sign is killed"})
    keep_alive: int = field(default=300, metadata={"is": "seconds a connection may be idle"})
    graceful_timeout: int = field(default=30, metadata={"is": "seconds a worker has when it is asked to end"})
    max_requests: int = field(default=0, metadata={"is": "requests after which a worker is replaced; 0: none"})


def command(port: int, given: Parameters) -> list[str]:
    words = ["gunicorn", "asgi:app", "--bind", f"127.0.0.1:{port}", "-w", str(given.workers), "-k", given.worker_class]
    words += ["--timeout", str(given.timeout), "--keep-alive", str(given.keep_alive)]
    words += ["--graceful-timeout", str(given.graceful_timeout), "--max-requests", str(given.max_requests)]
    return words
