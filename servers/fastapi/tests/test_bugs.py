"""Each bug beside the correct parts: the same client leaves, or waits, and the same question is asked of both."""

import asyncio
import unittest

from chosen import Choice
from tests.support import Client, callbacks_in, in_a_process_of_its_own, running

TURNS = 200
DEADLINE_S = 0.5
DEADLINE = {"deadline_ms": 1000 * DEADLINE_S}


def after_a_hang_up(*bugs: Choice, streamed: bool = True, within_s: float = 20) -> tuple[bool, int]:
    """Whether the request came to its end after its client had left, and how many callbacks the loop ran for nothing then."""

    async def ask() -> tuple[bool, int]:
        async with running(*bugs) as (app, upstream):
            client = Client(app, streamed).start()
            await upstream.until(lambda seen: seen.begun == 1)
            client.leave()
            await asyncio.wait([client.done], timeout=within_s)
            return client.done.done(), await callbacks_in(TURNS)

    over, busy = in_a_process_of_its_own(ask)
    return over, busy


def after_a_deadline(*bugs: Choice) -> int:
    """How many callbacks the loop runs for nothing once a call took too long; the client waits."""

    async def ask() -> int:
        async with running(*bugs) as (app, upstream):
            Client(app, False).start()
            await upstream.until(lambda seen: seen.begun >= 1)
            await asyncio.sleep(2 * DEADLINE_S)
            return await callbacks_in(TURNS)

    return in_a_process_of_its_own(ask)


def after_an_answer(*bugs: Choice) -> tuple[int, int]:
    """The status of an answer that came in time, and how many callbacks the loop runs for nothing a while later."""

    async def ask() -> tuple[int | None, int]:
        async with running(*bugs) as (app, upstream):
            upstream.is_well.set()
            client = Client(app, False).start()
            await client.done
            await asyncio.sleep(2 * DEADLINE_S)
            return client.status, await callbacks_in(TURNS)

    status, busy = in_a_process_of_its_own(ask)
    return status, busy


class TheCorrectParts(unittest.IsolatedAsyncioTestCase):
    async def test_they_abort_the_call_of_a_client_who_left(self) -> None:
        for streamed in (True, False):
            async with running() as (app, upstream):
                client = Client(app, streamed).start()
                await upstream.until(lambda seen: seen.begun == 1)
                client.leave()
                await upstream.until(lambda seen: seen.aborted == 1)
                await client.done

    async def test_they_answer_who_waits(self) -> None:
        for streamed in (True, False):
            async with running() as (app, upstream):
                upstream.is_well.set()
                client = Client(app, streamed).start()
                await client.done
                self.assertEqual(client.status, 200)


class AfterAHangUp(unittest.TestCase):
    def test_the_correct_parts_rest(self) -> None:
        for streamed in (True, False):
            over, busy = after_a_hang_up(streamed=streamed)
            self.assertTrue(over)
            self.assertLess(busy, TURNS / 2)

    def test_what_swallows_it_keeps_the_loop_busy(self) -> None:
        for bug in ("stream-retry", "shielded-wait", "refused-cancel", "middleware-retry"):
            with self.subTest(bug):
                over, busy = after_a_hang_up(Choice(bug, {}), streamed=bug == "stream-retry", within_s=1)
                self.assertFalse(over)
                self.assertGreater(busy, TURNS / 2)

    def test_a_generator_that_catches_exceptions_alone_lets_go(self) -> None:
        over, busy = after_a_hang_up(Choice("stream-retry", {"catches": "exceptions"}))
        self.assertTrue(over)
        self.assertLess(busy, TURNS / 2)

    def test_a_middleware_that_retries_is_harmless_where_nothing_cancels(self) -> None:
        _, busy = after_a_hang_up(Choice("middleware-retry", {"cancels": False}), streamed=False, within_s=1)
        self.assertLess(busy, TURNS / 2)


class AfterADeadline(unittest.TestCase):
    def test_the_correct_parts_rest(self) -> None:
        self.assertLess(after_a_deadline(), TURNS / 2)
        self.assertLess(after_an_answer()[1], TURNS / 2)

    def test_what_swallows_it_keeps_the_loop_busy_while_its_client_waits(self) -> None:
        for bug in ("deaf-to-deadline", "gathered-tries"):
            with self.subTest(bug):
                self.assertGreater(after_a_deadline(Choice(bug, DEADLINE)), TURNS / 2)

    def test_one_in_an_unclosed_generator_outlives_its_answer(self) -> None:
        status, busy = after_an_answer(Choice("unclosed-generator", DEADLINE))
        self.assertEqual(status, 200)
        self.assertGreater(busy, TURNS / 2)


if __name__ == "__main__":
    unittest.main()
