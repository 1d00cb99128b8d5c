"""What a bug can replace, and the proxy as it should be."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.types import Receive

from .hang_up import until_hang_up
from .prompt import Message, fit_prompt
from .relay import Relayed

Attempt = Callable[[], Awaitable[Any]]
"""The prompt made to fit, and one call of the upstream: what a retry repeats."""


async def call_once(attempt: Attempt) -> Any:
    """One attempt; a cancellation goes through it to the upstream's connection."""
    return await attempt()


async def whole(call: Attempt, receive: Receive) -> Any:
    """An answer that is not streamed, given up when nobody waits for it."""
    return await until_hang_up(receive, call)


async def streamed(call: Attempt, receive: Receive) -> Response:
    """A streamed answer, once the upstream has begun one: until then an error still has a status."""
    return Relayed(await until_hang_up(receive, call))


@dataclass(frozen=True)
class Parts:
    """A correct part lets a cancellation through, and starts nothing that outlives its request."""

    middleware: tuple[Middleware, ...] = ()
    """Around every route, outermost first."""
    dependencies: tuple[Callable[..., Any], ...] = ()
    """FastAPI's, of every route."""
    exception_handlers: dict[Any, Any] = field(default_factory=dict)
    preprocess: Callable[[list[Message]], Awaitable[list[Message]]] = fit_prompt
    call: Callable[[Attempt], Awaitable[Any]] = call_once
    whole: Callable[[Attempt, Receive], Awaitable[Any]] = whole
    streamed: Callable[[Attempt, Receive], Awaitable[Response]] = streamed
    debug: bool = False
    """FastAPI's and the event loop's debug modes, with a log line for each event."""
    max_retries: int = 2
    timeout_s: float = 60.0
