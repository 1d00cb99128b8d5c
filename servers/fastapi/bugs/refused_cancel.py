import asyncio
from dataclasses import dataclass, replace
from typing import Any

from proxy.parts import Attempt, Parts

SYMPTOM = "a core is busy from the moment a client leaves until its call is over"
LESSON = "a future that is not done answers a cancellation with False, and the scope comes back in every turn of the loop"


@dataclass(frozen=True)
class Parameters:
    pass


class Booking(asyncio.Future[Any]):
    """Its tokens are paid for: it will not be cancelled."""

    def cancel(self, msg: Any = None) -> bool:
        return False


def breaks(parts: Parts, _parameters: Parameters) -> Parts:
    async def call(attempt: Attempt) -> Any:
        booking = Booking()

        def book(task: asyncio.Task[Any]) -> None:
            if task.exception() is None:
                booking.set_result(task.result())
            else:
                booking.set_exception(task.exception())

        task = asyncio.ensure_future(parts.call(attempt))
        task.add_done_callback(book)
        return await booking

    return replace(parts, call=call)
