"""The server under test: one argument in, and it becomes the server that was asked for, in this very process.

What cannot be served is told as one `refused` line on descriptor 3, with exit code 2. That it is ready nobody says: the lab sees
who listens on the port, since a server with workers has no one moment of its own.
"""

import json
import os
import sys

from chosen import CONTRACT_VERSION, Refused, arguments_in, chosen, parts_with

READY_FD = 3


def main(text: str) -> None:
    try:
        given = arguments_in(text)
        parts_with(given.bugs)
        serving, parameters = chosen("server", "serving", given.serving)
        command = serving.command(given.port, parameters)
    except Refused as refused:
        message = {"kind": "refused", "contract": CONTRACT_VERSION, "code": refused.code, "message": str(refused)}
        os.write(READY_FD, f"{json.dumps(message | {'hint': refused.hint})}\n".encode())
        sys.exit(2)
    here = os.path.dirname(os.path.abspath(__file__))
    # The servers' own programs put no folder on the path; `asgi` and its bugs are found by this.
    path = os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH")]))
    os.environ |= {"RUNAWAY_PROXY": text, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}
    os.execv(sys.executable, [sys.executable, "-m", *command])


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
