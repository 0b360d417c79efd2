"""Browsers without a screen, at a gate with a stand-in for the application."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any

from aiohttp import ClientResponse, ClientWebSocketResponse, CookieJar
from aiohttp.test_utils import TestClient, TestServer

from negsim.serve.server import Gate
from tests.serve.served import FAKE, all_gone, until

TOKEN = "abcde-fghij"


def awaited(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """A test that awaits."""

    @wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


class Visitor:
    """A browser without a screen."""

    def __init__(self, client: TestClient[Any, Any]) -> None:
        self.client = client
        self.origin = str(client.make_url("/")).rstrip("/")

    async def get(self, path: str = "/", **headers: str) -> ClientResponse:
        return await self.client.get(path, headers=headers)

    async def enter(self) -> ClientResponse:
        return await self.get(f"/?token={TOKEN}")

    async def play(self, origin: str | None = None) -> ClientWebSocketResponse:
        return await self.client.ws_connect("/ws?width=90&height=30", origin=origin or self.origin)


async def told(line: ClientWebSocketResponse) -> Any:
    """What the fake application paints first."""
    return json.loads(await line.receive_bytes(timeout=10))


@asynccontextmanager
async def visitors(gate: Gate, count: int = 1) -> AsyncIterator[list[Visitor]]:
    site = TestServer(await gate._make_app())
    async with site:
        there = [Visitor(TestClient(site, cookie_jar=CookieJar(unsafe=True))) for _ in range(count)]
        yield there
        for it in there:
            await it.client.close()


def gate(*words: str, most: int = 40) -> Gate:
    return Gate([*FAKE, *words], TOKEN, most=most, names=["Class.Example"])


async def ended(pid: int) -> bool:
    return await asyncio.to_thread(all_gone, [pid])


async def until_awaited(holds: Callable[[], bool]) -> bool:
    return await asyncio.to_thread(until, holds)
