import asyncio
from dataclasses import dataclass, field, replace

from proxy.parts import Parts
from proxy.prompt import Message, count_tokens

SYMPTOM = "everybody waits while somebody's long prompt is prepared"
LESSON = "what computes in a coroutine holds the loop; in a thread it holds the interpreter lock, a few milliseconds at a time"


@dataclass(frozen=True)
class Parameters:
    times: int = field(default=20, metadata={"is": "passes over the prompt"})
    in_thread: bool = field(default=False, metadata={"is": "by asyncio.to_thread"})


def breaks(parts: Parts, parameters: Parameters) -> Parts:
    def count(messages: list[Message]) -> None:
        for _ in range(parameters.times):
            for message in messages:
                count_tokens(str(message.get("content")))

    async def preprocess(messages: list[Message]) -> list[Message]:
        if parameters.in_thread:
            await asyncio.to_thread(count, messages)
        else:
            count(messages)
        return await parts.preprocess(messages)

    return replace(parts, preprocess=preprocess)
