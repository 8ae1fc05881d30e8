"""What the browser is told with each answer, and what it keeps."""

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.front_door import FrontDoor
from ui.last_look import COOKIE, RememberLook, read_cookie
from ui.security_headers import HEADERS, SecurityHeaders


def _headers(middleware: Callable[[ASGIApp], ASGIApp], content_type: bytes, **scope: Any) -> dict[str, str]:
    """The headers of an answer of that type, as they leave ``middleware``."""
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", content_type)]})

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    request = {"type": "http", "method": "GET", "path": "/today", "headers": [], **scope}
    asyncio.run(middleware(app)(request, receive, send))
    return {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}


def test_each_answer_says_that_nothing_is_loaded_from_outside_and_nobody_may_frame_it() -> None:
    headers = _headers(SecurityHeaders, b"text/html")
    assert all(headers[name.lower()] == value for name, value in HEADERS.items())
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy


def test_a_page_sets_the_cookie_of_the_last_look_and_other_files_do_not() -> None:
    cookie = _headers(RememberLook, b"text/html; charset=utf-8")["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert read_cookie(cookie.split(";")[0].removeprefix(f"{COOKIE}="))[0] == 0
    assert "set-cookie" not in _headers(RememberLook, b"application/javascript")


def test_the_cookie_remembers_the_look_before_when_the_browser_sends_one() -> None:
    cookie = _headers(RememberLook, b"text/html", headers=[(b"cookie", f"{COOKIE}=0.1000".encode())])["set-cookie"]
    assert read_cookie(cookie.split(";")[0].removeprefix(f"{COOKIE}="))[0] == 1000


def test_the_front_door_leads_to_today_with_what_the_address_says_and_lets_the_rest_through() -> None:
    asked = {"path": "/", "query_string": b"f_period=7+days&f_network=mastodon"}
    assert _headers(FrontDoor, b"text/html", **asked)["location"] == "today?f_period=7+days&f_network=mastodon"
    assert _headers(FrontDoor, b"text/html", path="/", query_string=b"")["location"] == "today"
    assert "location" not in _headers(FrontDoor, b"text/html", path="/today", query_string=b"")
    assert "location" not in _headers(FrontDoor, b"text/html", path="/", method="HEAD", query_string=b"")
