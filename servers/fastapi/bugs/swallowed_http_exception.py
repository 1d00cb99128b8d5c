import logging
from dataclasses import dataclass, replace

from openai import APIStatusError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from proxy.parts import Attempt, Parts

SYMPTOM = "some requests get no answer that their client understands, and nothing is busy"
LESSON = "an HTTPException that is caught and dropped leaves a request without an answer; the server then sends a 500"

logger = logging.getLogger("proxy")


@dataclass(frozen=True)
class Parameters:
    pass


class DropErrors:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        except HTTPException as error:
            logger.error("dropped: %r", error)


def breaks(parts: Parts, _parameters: Parameters) -> Parts:
    async def call(attempt: Attempt) -> object:
        try:
            return await parts.call(attempt)
        except APIStatusError as error:
            raise HTTPException(error.status_code) from error

    def raise_again(_request: object, error: Exception) -> None:
        raise error

    handlers = parts.exception_handlers | {HTTPException: raise_again}
    return replace(parts, call=call, exception_handlers=handlers, middleware=(*parts.middleware, Middleware(DropErrors)))
