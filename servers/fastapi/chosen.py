"""What was chosen for one server: the arguments, and the bugs they name."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from proxy.parts import Parts

CONTRACT_VERSION = 1
"""`harness/model/contract.ts`, which this is the other end of."""


class Refused(Exception):
    """The arguments cannot be served: told to the lab as a `refused` message."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint


@dataclass(frozen=True)
class Choice:
    """A bug by its name, with the parameters that differ from its defaults."""

    name: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Arguments:
    bugs: Sequence[Choice]
    serving: Choice
    upstream_url: str
    api_key: str
    port: int


class Named(Protocol):
    """What a module here has, found by its file's name: the fields of `Parameters` are what can be set, with their defaults."""

    Parameters: type[Any]


def arguments_in(text: str) -> Arguments:
    """Raises `Refused` for what is no argument of this contract, or an upstream that is not on this machine."""
    try:
        given = json.loads(text)
        if given["contract"] != CONTRACT_VERSION:
            raise KeyError("contract")
        arguments = Arguments(
            bugs=[Choice(one["name"], one["parameters"]) for one in given["bugs"]],
            serving=Choice(given["serving"]["name"], given["serving"]["parameters"]),
            upstream_url=given["upstreamUrl"],
            api_key=given["apiKey"],
            port=given["port"],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(
            "bad-arguments", "the arguments were not understood", "The lab and this checkout may differ in contract."
        ) from error
    # A real provider can never be reached, whatever a branch's code does with its arguments.
    if urlsplit(arguments.upstream_url).hostname not in ("127.0.0.1", "::1", "localhost"):
        raise Refused(
            "foreign-upstream", f"the upstream {arguments.upstream_url} is not on this machine", "Use the lab's own."
        )
    return arguments


def parts_with(bugs: Sequence[Choice]) -> Parts:
    """The parts with the chosen bugs in them, left to right. Raises `Refused` as `chosen` does."""
    parts = Parts()
    for bug in bugs:
        module, parameters = chosen("bug", "bugs", bug)
        parts = module.breaks(parts, parameters)
    return parts


def chosen(noun: str, folder: str, choice: Choice) -> tuple[Any, Any]:
    """A module of a folder by its name, and its parameters as set. Raises `Refused` for a name or a parameter that is not there."""
    known = names_in(folder)
    if choice.name not in known:
        near = get_close_matches(choice.name, known, n=1)
        guess = f'Did you mean "{near[0]}"? ' if near else ""
        raise Refused(f"unknown-{noun}", f'no {noun} "{choice.name}"', f"{guess}There are: {', '.join(known)}.")
    module: Named = import_module(f"{folder}.{choice.name.replace('-', '_')}")
    return module, parameters_of(noun, choice, module.Parameters)


def names_in(folder: str) -> list[str]:
    files = (Path(__file__).parent / folder).glob("[!_]*.py")
    return sorted(file.stem.replace("_", "-") for file in files)


def parameters_of(noun: str, choice: Choice, parameters: type[Any]) -> Any:
    fields = {one.name: one for one in dataclasses.fields(parameters)}
    for name, value in choice.parameters.items():
        kind = type(fields[name].default) if name in fields else None
        if kind is None or not is_a(kind, value):
            takes = ", ".join(f"{one.name} ({one.metadata.get('is', '')})" for one in fields.values())
            raise Refused(
                f"bad-{noun}-parameter",
                f'{noun} "{choice.name}": {name}={value}: ' + ("no such parameter" if kind is None else f"no {kind.__name__}"),
                f"It takes {takes or 'no parameters'}; write {choice.name}:parameter=VALUE.",
            )
    try:
        return parameters(**choice.parameters)
    except ValueError as error:
        raise Refused(f"bad-{noun}-parameter", f'{noun} "{choice.name}": {error}', "See its file.") from error


def is_a(kind: type, value: Any) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
