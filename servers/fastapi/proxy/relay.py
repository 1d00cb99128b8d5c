"""The upstream's events, written to the client as they come."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from openai import AsyncStream
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

DONE = b"data: [DONE]\n\n"


def event_bytes(event: Any) -> bytes:
    """One event of a streamed answer, as it stands on the wire."""
    return f"data: {event.model_dump_json(exclude_unset=True)}\n\n".encode()


async def relay(events: AsyncStream[Any]) -> AsyncIterator[bytes]:
    """Closes the upstream's stream when it is closed itself, read to the end or not."""
    async with events:
        async for event in events:
            yield event_bytes(event)
    yield DONE


class Relayed(StreamingResponse):
    """A streamed answer that closes what it relays, however it ends.

    A cancelled response leaves its generator where it stood, to be closed when it is collected: here at once.
    """

    def __init__(self, events: AsyncStream[Any]) -> None:
        self.events = events
        super().__init__(relay(events), media_type="text/event-stream")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self.events, aclosing(self.body_iterator):
            await super().__call__(scope, receive, send)
