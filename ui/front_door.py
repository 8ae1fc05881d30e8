"""``/`` leads to Today."""

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.navigation import ENTRIES


class FrontDoor:
    """Sends who opens ``/`` to the first page before anything is loaded, so that the address is not in the history:
    from there, Back would lead forward again."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] != "/":
            await self.app(scope, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        to = RedirectResponse(ENTRIES[0].name + (f"?{query}" if query else ""))
        await to(scope, receive, send)
