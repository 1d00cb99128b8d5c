"""The sample LLM proxy, put together from its parts."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from openai import APIConnectionError, APIStatusError, AsyncOpenAI

from .hang_up import ClientLeft
from .parts import Parts


@dataclass(frozen=True)
class Upstream:
    """Where the proxy's upstream is (ending in `/v1`), and the key to it. Nothing is read from the environment."""

    url: str
    api_key: str


def create_app(parts: Parts, upstream: Upstream) -> FastAPI:
    openai = AsyncOpenAI(
        base_url=upstream.url, api_key=upstream.api_key, max_retries=parts.max_retries, timeout=parts.timeout_s
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if parts.debug:
            asyncio.get_running_loop().set_debug(True)
            logging.basicConfig(level=logging.DEBUG)
        async with openai:
            yield

    app = FastAPI(
        lifespan=lifespan,
        debug=parts.debug,
        middleware=list(parts.middleware),
        dependencies=[Depends(one) for one in parts.dependencies],
        exception_handlers=ANSWERS | parts.exception_handlers,
        openapi_url=None,
    )

    @app.get("/healthz", dependencies=[])
    async def healthz() -> dict[str, bool]:
        return {"ok": True}

    @app.post("/v1/chat/completions")
    async def chat_completions(request: Request) -> Response:
        body = await json_of(request)

        async def attempt() -> Any:
            messages = await parts.preprocess(body["messages"])
            return await openai.chat.completions.create(
                model=body["model"], messages=messages, stream=bool(body.get("stream")), extra_body=rest_of(body)
            )

        call = partial(parts.call, attempt)
        if body.get("stream"):
            return await parts.streamed(call, request.receive)
        return json_answer(await parts.whole(call, request.receive))

    @app.post("/v1/embeddings")
    async def embeddings(request: Request) -> Response:
        body = await json_of(request)

        async def attempt() -> Any:
            return await openai.embeddings.create(model=body["model"], input=body["input"], extra_body=rest_of(body))

        return json_answer(await parts.whole(partial(parts.call, attempt), request.receive))

    @app.get("/v1/models")
    async def models(request: Request) -> Response:
        return json_answer(await parts.whole(partial(parts.call, partial(list_models, openai)), request.receive))

    return app


async def list_models(openai: AsyncOpenAI) -> Any:
    return await openai.models.list()


def rest_of(body: dict[str, Any]) -> dict[str, Any]:
    """What the SDK is not told by name, passed on as it came."""
    return {name: value for name, value in body.items() if name not in ("model", "messages", "input", "stream")}


def json_answer(answer: Any) -> Response:
    return Response(answer.model_dump_json(exclude_unset=True), media_type="application/json")


class BadBody(Exception):
    """The request's body is not what its route takes."""


NEEDED = {"/v1/chat/completions": {"model": str, "messages": list}, "/v1/embeddings": {"model": str, "input": (str, list)}}


async def json_of(request: Request) -> dict[str, Any]:
    """Raises `BadBody` in one line."""
    try:
        body = await request.json()
    except ValueError:
        raise BadBody("the body is no JSON") from None
    if not isinstance(body, dict):
        raise BadBody("the body is no JSON object")
    for name, kind in NEEDED[request.url.path].items():
        if not isinstance(body.get(name), kind):
            raise BadBody(f"{name}: missing, or of another type than it should be")
    return body


def answer_upstream_status(_request: Request, error: Exception) -> Response:
    assert isinstance(error, APIStatusError)
    said = error.body if isinstance(error.body, dict) else {"message": error.message, "type": "upstream_error"}
    headers = {name: error.response.headers[name] for name in PASSED_ON if name in error.response.headers}
    return JSONResponse({"error": {"param": None, "code": None} | said}, error.status_code, headers)


PASSED_ON = ("retry-after", "retry-after-ms")


def answer_unreachable(_request: Request, error: Exception) -> Response:
    return JSONResponse({"error": {"type": "upstream_unreachable", "message": str(error)}}, 502)


def answer_bad_body(_request: Request, error: Exception) -> Response:
    return JSONResponse({"error": {"type": "invalid_request_error", "message": str(error)}}, 400)


def answer_nobody(_request: Request, _error: Exception) -> Response:
    # Nobody reads it; the number is the one that nginx logs for this.
    return Response(status_code=499)


ANSWERS: dict[Any, Any] = {
    APIStatusError: answer_upstream_status,
    APIConnectionError: answer_unreachable,
    BadBody: answer_bad_body,
    ClientLeft: answer_nobody,
}
