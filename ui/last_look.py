"""When this browser last looked: kept in a cookie, so that Today can say what is new since."""

from datetime import UTC, datetime

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "rapport_looked"
APART_SECONDS = 30 * 60
_KEPT_SECONDS = 365 * 86_400


def next_cookie(cookie: str | None, now: int) -> str:
    """The cookie after a look at ``now``: the look before and this one, in seconds since 1970. What lies less than half
    an hour apart is one look.

    >>> next_cookie(None, 100_000), next_cookie("0.100000", 100_060), next_cookie("0.100000", 200_000)
    ('0.100000', '0.100060', '100000.200000')
    """
    before, last = read_cookie(cookie)
    return f"{last if now - last > APART_SECONDS else before}.{now}"


def read_cookie(cookie: str | None) -> tuple[int, int]:
    """The look before the present one and the present one; 0 where there was none, or somebody changed the cookie."""
    before, _, last = (cookie or "").partition(".")
    if before.isdecimal() and last.isdecimal() and max(len(before), len(last)) <= 11:
        return int(before), int(last)
    return 0, 0


def last_look() -> datetime | None:
    """When this browser looked before, or None where it never did."""
    cookie = st.context.cookies.get(COOKIE)
    before, _ = read_cookie(cookie if isinstance(cookie, str) else None)  # AppTest has no cookies, but a stand-in
    return datetime.fromtimestamp(before, UTC) if before else None


class RememberLook:
    """Sets the cookie with each page that a browser loads."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        value = next_cookie(HTTPConnection(scope).cookies.get(COOKIE), int(datetime.now(UTC).timestamp()))

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    attributes = f"Max-Age={_KEPT_SECONDS}; Path=/; HttpOnly; SameSite=Lax"
                    headers.append("Set-Cookie", f"{COOKIE}={value}; {attributes}")
            await send(message)

        await self.app(scope, receive, send_with_cookie)
