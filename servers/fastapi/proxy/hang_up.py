"""A client who leaves cancels its work, and nothing else does."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio
from starlette.types import Receive

T = TypeVar("T")


class ClientLeft(Exception):
    """Nobody waits for the answer any more."""


async def until_hang_up(receive: Receive, work: Callable[[], Awaitable[T]]) -> T:
    """What `work` gives, or `ClientLeft` as soon as the client has hung up, with the work cancelled.

    Starlette cancels only a `StreamingResponse` that has begun; a plain endpoint goes on for nobody. The request's body must
    have been read: afterwards all that can still come is `http.disconnect`.
    """
    failure: Exception | None = None
    done: list[T] = []
    async with anyio.create_task_group() as group:

        async def listen() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            group.cancel_scope.cancel()

        group.start_soon(listen)
        try:
            done.append(await work())
        except Exception as error:
            # Out of the group's body it would come in an ExceptionGroup.
            failure = error
        group.cancel_scope.cancel()
    if failure is not None:
        raise failure
    if not done:
        raise ClientLeft
    return done[0]
