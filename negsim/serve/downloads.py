"""Files that an application gives to the browser it plays for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from textual_serve.app_service import AppService
from textual_serve.download_manager import DOWNLOAD_CHUNK_SIZE, Download, DownloadManager

PATIENCE = 10.0
"""So many seconds an application has for each piece of a file."""


class TornError(Exception):
    """The application has ended before the file has."""


class Downloads(DownloadManager):
    """The files that were promised; each is given once, to its own browser, whole or not at all.

    In textual-serve a download that was torn ends like one that is whole. What a student hands in
    must not.
    """

    def __init__(self) -> None:
        super().__init__()
        self._asked: set[str] = set()

    def ask(self, key: str, service: AppService | None) -> Download | None:
        """The file of that key, if that process promised it and nobody has asked for it before."""
        found = self._active_downloads.get(key)
        if found is None or found.app_service is not service or key in self._asked:
            return None
        self._asked.add(key)
        return found

    async def download(self, delivery_key: str) -> AsyncGenerator[bytes, None]:
        """The pieces of a file that was asked for. Raises TornError where the rest is lost."""
        found = self._active_downloads[delivery_key]
        try:
            while piece := await self._piece(found):
                yield piece
        finally:
            self._forget(delivery_key)

    async def cancel_app_downloads(self, app_service_id: str) -> None:
        """Tears what the process has not given yet, and forgets what it promised."""
        for key, found in list(self._active_downloads.items()):
            if found.app_service.app_service_id == app_service_id:
                await found.incoming_chunks.put(None)
                self._forget(key)

    async def _piece(self, found: Download) -> bytes:
        """The next piece; an empty one after the last."""
        wanted: dict[str, str | int | bool | None] = {
            "type": "deliver_chunk_request",
            "key": found.delivery_key,
            "size": DOWNLOAD_CHUNK_SIZE,
            "name": found.name,
        }
        try:
            sent = await found.app_service.send_meta(wanted)
            piece = await asyncio.wait_for(found.incoming_chunks.get(), PATIENCE) if sent else None
        except TimeoutError:
            piece = None
        if piece is None:
            raise TornError
        return piece

    def _forget(self, key: str) -> None:
        self._active_downloads.pop(key, None)
        self._asked.discard(key)
