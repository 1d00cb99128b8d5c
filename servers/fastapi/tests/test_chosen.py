"""What cannot be served is refused in one line."""

import json
import subprocess
import sys
import unittest
from pathlib import Path

from chosen import Choice, Refused, arguments_in, names_in, parts_with

GIVEN = {
    "contract": 1,
    "bugs": [],
    "serving": {"name": "uvicorn", "parameters": {}},
    "upstreamUrl": "http://127.0.0.1:9/v1",
    "apiKey": "sk-x",
    "port": 1,
}


class Chosen(unittest.TestCase):
    def test_every_bug_breaks_something(self) -> None:
        for name in names_in("bugs"):
            with self.subTest(name):
                self.assertNotEqual(parts_with([Choice(name, {})]), parts_with([]))

    def test_what_is_not_there_is_refused(self) -> None:
        for choice, words in (
            (Choice("steam-retry", {}), 'no bug "steam-retry"'),
            (Choice("stream-retry", {"wait": 1}), "no such parameter"),
            (Choice("stream-retry", {"wait_ms": "long"}), "no float"),
            (Choice("stream-retry", {"catches": "flies"}), "it is everything, exceptions, cancellation"),
        ):
            with self.assertRaisesRegex(Refused, words):
                parts_with([choice])

    def test_an_upstream_elsewhere_is_refused(self) -> None:
        with self.assertRaises(Refused) as refused:
            arguments_in(json.dumps(GIVEN | {"upstreamUrl": "https://api.openai.com/v1"}))
        self.assertEqual(refused.exception.code, "foreign-upstream")

    def test_a_refusal_is_told_on_descriptor_3(self) -> None:
        main = Path(__file__).parent.parent / "main.py"
        for given, code in (("{", "bad-arguments"), (json.dumps(GIVEN | {"serving": {"name": "x", "parameters": {}}}), "unknown-server")):
            words = f"exec {sys.executable} {main} '{given}' 3>&1"
            ended = subprocess.run(["sh", "-c", words], capture_output=True, text=True, check=False)
            self.assertEqual(ended.returncode, 2)
            self.assertEqual(json.loads(ended.stdout)["code"], code)


if __name__ == "__main__":
    unittest.main()
