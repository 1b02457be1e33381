"""Who may talk to the server: the page it serves itself, and nobody else's page.

A browser sends any page's requests to 127.0.0.1. So the Host header must name this server (else a foreign name was
pointed at this address, "DNS rebinding"), and Origin and Sec-Fetch-Site must not name another page. Where the server
listens to a network, a token is needed as well.
"""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

COOKIE = "netwarp-token"
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
REFUSED = 1008  # "policy violation", of a socket


@dataclass(frozen=True, slots=True)
class Admission:
    """Which names this server answers to, at which port, and the token it asks for; None on 127.0.0.1."""

    hosts: frozenset[str]
    port: int
    token: str | None = None

    def knows(self, host: str) -> bool:
        """Whether a Host header names this server. An address instead of a name cannot be rebound."""
        name, port = _split(host)
        if name is None or port != self.port:
            return False
        return name in self.hosts or (self.token is not None and _is_address(name))


def door(host: str | None, port: int) -> Admission:
    """The Admission of a server on 127.0.0.1, or on `host`, which then needs a token."""
    if host is None or host in LOCAL:
        return Admission(LOCAL, port)
    import socket

    return Admission(LOCAL | {host.lower(), socket.gethostname().lower()}, port, secrets.token_urlsafe(18))


class Guard:
    """ASGI middleware: refuses what does not come through the Admission, and adds the headers that keep pages apart."""

    def __init__(self, app: ASGIApp, door: Admission) -> None:
        self.app, self.door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
        why = self._refusal(scope, headers)
        if why is not None:
            if scope["type"] == "websocket":
                await WebSocketClose(REFUSED, why)(scope, receive, send)
            else:
                response = PlainTextResponse(f"{why}\n", 403)
                await response(scope, receive, _with_headers(send, headers.get("host", ""), False))
            return
        if scope["type"] == "websocket":
            await self.app(scope, receive, send)
            return
        query = parse_qs(scope["query_string"].decode("latin-1"))
        embed = scope["path"] == "/" and query.get("embed") == ["1"]
        through = _with_headers(send, headers.get("host", ""), embed)
        given = query.get("token", [""])[0]
        if self.door.token is not None and scope["path"] == "/" and given:
            # out of the address, which is there to be shared, and into a cookie
            await _admitted(given, scope)(scope, receive, through)
            return
        await self.app(scope, receive, through)

    def _refusal(self, scope: Scope, headers: Mapping[str, str]) -> str | None:
        """Why a request is refused, in one line; None where it is welcome."""
        host = headers.get("host", "")
        if [key for key, _ in scope["headers"]].count(b"host") != 1 or not self.door.knows(host):
            return f"host {host[:60]!a}: this server does not go by that name"
        socket, origin = scope["type"] == "websocket", headers.get("origin")
        if (socket and origin is None) or (origin is not None and origin != f"http://{host}"):
            return f"origin {str(origin)[:60]!a}: only the explorer's own page may ask"
        navigates = scope["path"] == "/" and headers.get("sec-fetch-mode") == "navigate"
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin") and not navigates:
            return "request of another site: only the explorer's own page may ask"
        if self.door.token is not None and not self._has_token(scope, headers):
            return "token: missing or wrong; open the address that netwarp explore has printed"
        return None

    def _has_token(self, scope: Scope, headers: Mapping[str, str]) -> bool:
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [])
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            cookie = None
        known = (self.door.token or "").encode()
        tries = [*given[:1], *([cookie.value] if cookie is not None else [])]
        return any(secrets.compare_digest(one.encode(), known) for one in tries)


def policy(host: str, embed: bool) -> str:
    """The Content-Security-Policy: everything from this server alone, nothing inline, nothing evaluated."""
    rules = [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        f"connect-src 'self' ws://{host}",
        "form-action 'none'",
        "base-uri 'none'",
    ]
    # embedded, in a lesson's page or a slide, wherever that lies
    return "; ".join([*rules, *([] if embed else ["frame-ancestors 'self'"])])


def _with_headers(send: Send, host: str, embed: bool) -> Send:
    # what stands in a header must not end it: the Host was checked, that of a refusal was not
    name, port = _split(host)
    ours = host if name is not None and port else "localhost"

    async def through(message: Message) -> None:
        if message["type"] == "http.response.start":
            found = MutableHeaders(scope=message)
            found["Content-Security-Policy"] = policy(ours, embed)
            found["X-Content-Type-Options"] = "nosniff"
            found["Referrer-Policy"] = "no-referrer"
            found["Cross-Origin-Opener-Policy"] = "same-origin"
            found["Cross-Origin-Resource-Policy"] = "same-origin"
            found.setdefault("Cache-Control", "no-store")
        await send(message)

    return through


def _admitted(token: str, scope: Scope) -> Response:
    """To the same page without the token in its address."""
    rest = "&".join(p for p in scope["query_string"].decode("latin-1").split("&") if not p.startswith("token="))
    response = RedirectResponse(f"/?{rest}" if rest else "/", 303)
    response.set_cookie(COOKIE, token, httponly=True, samesite="strict", path="/")
    return response


def _split(host: str) -> tuple[str | None, int]:
    """(name in lower case, port) of a Host header; (None, 0) where it is none."""
    if any(c in host for c in " \t\r\n/@;,\\'\"?#"):
        return None, 0
    try:
        found = urlsplit(f"//{host}")
        return found.hostname, found.port or 80
    except ValueError:
        return None, 0


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
