"""The door to the staff's functions: who may pass, and how long a guesser waits."""

from __future__ import annotations

import hmac
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from urllib.parse import unquote

from fastapi import HTTPException, Request

from ui.clients import client_of

log = logging.getLogger(__name__)

FREE_TRIES = 3  # a password mistyped, mistyped again, and with the caps lock off
LONGEST_WAIT = 900.0  # seconds: 100 guesses a day, and no staff is shut out until tomorrow
REMEMBERED = 4096  # addresses; the oldest are forgotten, a few hundred bytes each
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


class Door:
    """Open on loopback while no password is set; a password that is set is always asked for.

    A request that a proxy has passed on is not from this machine, whatever address it has.
    """

    def __init__(
        self, password: str, *, loopback: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._password = password
        self._loopback = loopback
        self._clock = clock
        self._failed: OrderedDict[str, tuple[int, float]] = OrderedDict()  # how often, shut until

    @property
    def needs_password(self) -> bool:
        return bool(self._password) or not self._loopback

    def check(self, request: Request) -> None:
        """Raises :class:`HTTPException` 401 without the right password, 403 when none is set,
        429 with ``Retry-After`` after too many wrong ones."""
        if not self._password:
            if self._loopback and not any(name in request.headers for name in FORWARDED):
                return
            raise HTTPException(
                403, "没有设置工作人员口令（ASSISTANT_STAFF_PASSWORD），此功能已关闭"
            )
        client = client_of(request.scope)
        count, until = self._failed.get(client, (0, 0.0))
        wait = until - self._clock()
        if wait > 0:
            raise HTTPException(
                429,
                f"口令错误次数过多，请 {wait:.0f} 秒后再试",
                headers={"Retry-After": f"{wait + 1:.0f}"},
            )
        given = unquote(request.headers.get("authorization", "").removeprefix("Bearer ").strip())
        if hmac.compare_digest(given.encode(errors="replace"), self._password.encode()):
            self._failed.pop(client, None)
            return
        if given:
            self._refuse(client, count + 1)
        raise HTTPException(401, "口令不对")

    def _refuse(self, client: str, count: int) -> None:
        delay = min(LONGEST_WAIT, 2.0 ** (count - FREE_TRIES)) if count > FREE_TRIES else 0.0
        log.warning("wrong staff password from %s, attempt %d, shut %.0f s", client, count, delay)
        self._failed[client] = (count, self._clock() + delay)
        self._failed.move_to_end(client)
        if len(self._failed) > REMEMBERED:
            self._failed.popitem(last=False)
