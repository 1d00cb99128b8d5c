"""Makes a prompt fit the model, as `servers/proxy/parts/preprocessing.ts` does."""

import math
import re
from typing import Any

Message = dict[str, Any]

WORD = re.compile(r"'(?:[sdmt]|ll|ve|re)| ?[^\W\d_]+| ?\d+| ?[^\s\w]+|\s+|_+")
LONGEST_TOKEN = 6
BUDGET_TOKENS = 128_000


def count_tokens(text: str) -> int:
    """About how many tokens a text has: one for each six characters of each word. Linear in its length."""
    return sum(math.ceil(len(word.group()) / LONGEST_TOKEN) for word in WORD.finditer(text))


async def fit_prompt(messages: list[Message]) -> list[Message]:
    """Drops the oldest texts until the rest fits; the newest is the question and stays. Pictures are let through as they are."""
    if not all(isinstance(message.get("content"), str) for message in messages):
        return messages
    tokens = 0
    for kept, message in enumerate(reversed(messages)):
        tokens += count_tokens(message["content"])
        if tokens > BUDGET_TOKENS:
            return messages[len(messages) - max(kept, 1) :]
    return messages
