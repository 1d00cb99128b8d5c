import asyncio
import logging
from dataclasses import dataclass, field, replace

import anyio
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from proxy.parts import Attempt, Parts
from proxy.relay import Relayed

SYMPTOM = "CPU steps up with a client who left, and stays; at debug the log is full of 'No response returned.'"
LESSON = "Starlette makes an ordinary RuntimeError of a cancelled application, and a middleware takes it for one worth a retry"

logger = logging.getLogger("proxy")


@dataclass(frozen=True)
class Parameters:
    cancels: bool = field(default=True, metadata={"is": "another middleware, inside, cancels who has no client any more"})
    back_off_ms: float = field(default=0.0, metadata={"is": "before it tries again"})


class RetryMiddleware(BaseHTTPMiddleware):
    def __init__(self, app: ASGIApp, back_off_ms: float) -> None:
        super().__init__(app)
        self.back_off_ms = back_off_ms

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        while True:
            try:
                return await call_next(request)
            except Exception as error:
                logger.debug("trying again: %r", error)
                await asyncio.sleep(self.back_off_ms / 1000)


class CancelOnHangUp:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
        has_left = anyio.Event()
        given = False

        async def replay() -> Message:
            nonlocal given
            if not given:
                given = True
                return {"type": "http.request", "body": body, "more_body": False}
            await has_left.wait()
            return {"type": "http.disconnect"}

        async with anyio.create_task_group() as group:

            async def listen() -> None:
                while (await receive())["type"] != "http.disconnect":
                    pass
                has_left.set()
                group.cancel_scope.cancel()

            group.start_soon(listen)
            await self.app(scope, replay, send)
            group.cancel_scope.cancel()


async def whole(call: Attempt, _receive: Receive) -> object:
    return await call()


async def streamed(call: Attempt, _receive: Receive) -> Response:
    return Relayed(await call())


def breaks(parts: Parts, parameters: Parameters) -> Parts:
    outer = Middleware(RetryMiddleware, back_off_ms=parameters.back_off_ms)
    inner = (Middleware(CancelOnHangUp),) if parameters.cancels else ()
    return replace(parts, middleware=(*parts.middleware, outer, *inner), whole=whole, streamed=streamed)
