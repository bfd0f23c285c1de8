"""Connections that say nothing, or too little, are closed; one address holds only so many."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

HEAD_SECONDS = 10.0  # for the head of a request, which any line carries in one
PER_CLIENT = 400  # a browser opens six; leaves room for a classroom behind one address


def protocol(per_client: int | None = PER_CLIENT) -> type[asyncio.Protocol]:
    """The protocol for uvicorn.

    Uvicorn itself bounds only how long a connection may rest between two requests.

    Args:
        per_client: connections of one address; None behind a reverse proxy, whose own they are.
    """
    held: Counter[str] = Counter()

    class Hurried(AutoHTTPProtocol):  # type: ignore[valid-type, misc]
        _late: asyncio.TimerHandle | None = None
        _address = ""

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._address = str((transport.get_extra_info("peername") or ("",))[0])
            held[self._address] += 1
            if per_client is not None and held[self._address] > per_client:
                transport.close()
                return
            self._expect_head()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._expect_head()

        def connection_lost(self, error: Exception | None) -> None:
            held[self._address] -= 1
            if not held[self._address]:
                del held[self._address]
            self._cancel()
            super().connection_lost(error)

        def _expect_head(self) -> None:
            if self.cycle is not None and not self.cycle.response_complete:
                self._cancel()  # it is answered now
            elif self._late is None:
                self._late = asyncio.get_running_loop().call_later(HEAD_SECONDS, self._too_late)

        def _too_late(self) -> None:
            self._late = None
            if self.cycle is None or self.cycle.response_complete:
                self.transport.close()

        def _cancel(self) -> None:
            if self._late is not None:
                self._late.cancel()
                self._late = None

    return Hurried
