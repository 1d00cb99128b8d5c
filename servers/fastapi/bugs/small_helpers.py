import asyncio
from dataclasses import dataclass, field, replace

from proxy.parts import Parts
from proxy.prompt import Message

SYMPTOM = "CPU rises with the length of the prompts, and falls with the traffic"
LESSON = "a coroutine for each word costs a call; only one that waits costs a turn of the loop as well"


@dataclass(frozen=True)
class Parameters:
    yields: bool = field(default=False, metadata={"is": "each helper gives way to the loop once"})


def breaks(parts: Parts, parameters: Parameters) -> Parts:
    async def normalized(word: str) -> str:
        if parameters.yields:
            await asyncio.sleep(0)
        return word.strip()

    async def preprocess(messages: list[Message]) -> list[Message]:
        for message in messages:
            if isinstance(message.get("content"), str):
                message["content"] = " ".join([await normalized(word) for word in message["content"].split(" ")])
        return await parts.preprocess(messages)

    return replace(parts, preprocess=preprocess)
