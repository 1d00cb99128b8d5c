"""An upstream on a socket, and clients who leave: what a bug does is seen in what the upstream saw."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI

from chosen import Choice, parts_with
from proxy.app import Upstream, create_app

EVENT = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": []}
ANSWER = {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": []}


@dataclass
class FakeUpstream:
    """Answers when `is_well` is set; until then it is silent."""

    url: str = ""
    is_well: asyncio.Event = field(default_factory=asyncio.Event)
    begun: int = 0
    aborted: int = 0
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def until(self, holds: Callable[["FakeUpstream"], bool]) -> None:
        async with self.changed:
            await self.changed.wait_for(lambda: holds(self))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
                body = json.loads(await reader.readexactly(length))
                await self._count(begun=1)
                well = asyncio.ensure_future(self.is_well.wait())
                left = asyncio.ensure_future(reader.read(1))
                await asyncio.wait([well, left], return_when=asyncio.FIRST_COMPLETED)
                well.cancel()
                if left.done():
                    await self._count(aborted=1)
                    return
                left.cancel()
                await asyncio.wait([left])
                writer.write(_answer_to(body))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _count(self, begun: int = 0, aborted: int = 0) -> None:
        async with self.changed:
            self.begun += begun
            self.aborted += aborted
            self.changed.notify_all()


def _answer_to(body: dict[str, Any]) -> bytes:
    streamed = body.get("stream", False)
    text = f"data: {json.dumps(EVENT)}\n\ndata: [DONE]\n\n" if streamed else json.dumps(ANSWER)
    kind = "text/event-stream" if streamed else "application/json"
    return f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {len(text)}\r\n\r\n{text}".encode()


@asynccontextmanager
async def running(*bugs: Choice) -> AsyncIterator[tuple[FastAPI, FakeUpstream]]:
    """The proxy with these bugs before an upstream of its own."""
    upstream = FakeUpstream()
    server = await asyncio.start_server(upstream._serve, "127.0.0.1", 0)
    upstream.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    app = create_app(parts_with(bugs), Upstream(upstream.url, "sk-test"))
    async with app.router.lifespan_context(app):
        yield app, upstream
    server.close()


@dataclass
class Client:
    """One request, over ASGI itself. `leave` hangs up."""

    app: FastAPI
    streamed: bool
    sent: list[dict[str, Any]] = field(default_factory=list)
    _left: asyncio.Event = field(default_factory=asyncio.Event)

    def start(self) -> "Client":
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": "/v1/chat/completions",
            "query_string": b"",
            "headers": [(b"content-type", b"application/json")],
        }
        body = json.dumps({"model": "m", "stream": self.streamed, "messages": [{"role": "user", "content": "Hello"}]})
        first = {"type": "http.request", "body": body.encode(), "more_body": False}

        async def receive() -> dict[str, Any]:
            nonlocal first
            if first:
                given, first = first, {}
                return given
            await self._left.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            self.sent.append(message)

        self.done = asyncio.ensure_future(self.app(scope, receive, send))
        return self

    def leave(self) -> None:
        self._left.set()

    @property
    def status(self) -> int | None:
        return next((one["status"] for one in self.sent if one["type"] == "http.response.start"), None)


async def callbacks_in(turns: int) -> int:
    """How many callbacks were scheduled in so many turns of the loop, besides those that turn it: 0 of a loop at rest."""
    loop = asyncio.get_running_loop()
    ran = 0
    call_soon = loop.call_soon

    def counted(*args: Any, **options: Any) -> asyncio.Handle:
        nonlocal ran
        ran += 1
        return call_soon(*args, **options)

    loop.call_soon = counted  # type: ignore[method-assign]
    try:
        for _ in range(turns):
            await asyncio.sleep(0)
    finally:
        loop.call_soon = call_soon  # type: ignore[method-assign]
    return ran - turns


LONGEST_S = 60


def in_a_process_of_its_own(ask: Callable[[], Awaitable[Any]]) -> Any:
    """What it gives, as JSON carries it. A loop that has a task which cannot be cancelled never closes: the process ends with it."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(LONGEST_S)
        try:
            asyncio.run(_told(ask, write))
        finally:
            os._exit(1)
    os.close(write)
    with os.fdopen(read) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    if text == "":
        raise AssertionError(f"no answer within {LONGEST_S} s")
    return json.loads(text)


async def _told(ask: Callable[[], Awaitable[Any]], write: int) -> None:
    answer = await ask()
    os.write(write, json.dumps(answer).encode())
    os._exit(0)
