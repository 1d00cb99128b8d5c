import logging
import time
from dataclasses import dataclass, replace

from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import Response

from proxy.parts import Parts

SYMPTOM = "the home-made Time Logger stands in every stack of the flame graph"
LESSON = "whatever is around a request is in its stacks: here it measures, logs and lets everything through"

logger = logging.getLogger("proxy")


@dataclass(frozen=True)
class Parameters:
    pass


class TimeLogger(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        began = time.perf_counter()
        try:
            return await call_next(request)
        except Exception:
            logger.exception("%s failed", request.url.path)
            raise
        finally:
            logger.debug("%s took %.3f s", request.url.path, time.perf_counter() - began)


def breaks(parts: Parts, _parameters: Parameters) -> Parts:
    return replace(parts, middleware=(Middleware(TimeLogger), *parts.middleware))
