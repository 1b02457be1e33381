"""Who is let in: hosts, origins, sites and tokens, on HTTP and on the socket; and the headers of every answer."""

from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from netwarp.explorer.security import Admission, door


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("127.0.0.1:8047", True),
        ("localhost:8047", True),
        ("LOCALHOST:8047", True),
        ("[::1]:8047", True),
        ("127.0.0.1", False),
        ("127.0.0.1:80", False),
        ("evil.example:8047", False),
        ("127.0.0.1.evil.example:8047", False),
        ("localhost:8047@evil.example", False),
        ("user@localhost:8047", False),
        ("localhost:8047/x", False),
        ("192.168.0.7:8047", False),
        ("", False),
        ("localhost:99999999", False),
        ("[::1:8047", False),
    ],
)
def test_only_this_machines_names_are_known(host: str, known: bool) -> None:
    assert door(None, 8047).knows(host) is known


def test_a_server_on_a_network_asks_for_a_token_and_knows_addresses() -> None:
    here = door("0.0.0.0", 8047)
    assert here.token is not None
    assert len(here.token) >= 20
    assert here.knows("192.168.0.7:8047")
    assert not here.knows("evil.example:8047")
    assert door("127.0.0.1", 1).token is door(None, 1).token is None
    assert door("0.0.0.0", 8047).token != here.token
    assert Admission(frozenset({"me"}), 80).knows("me")


@pytest.mark.parametrize("path", ["/", "/static/explorer.js", "/download/json", "/nowhere"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"},
    ],
)
def test_other_pages_are_refused(server: Any, path: str, headers: dict[str, str]) -> None:
    found = server.request("GET", path, **headers)
    assert found.status == 403
    assert found.data.count(b"\n") == 1
    assert "default-src 'none'" in found.headers["Content-Security-Policy"]


def test_a_link_from_another_page_may_open_the_page_but_nothing_else(server: Any) -> None:
    link = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate"}
    assert server.request("GET", "/?seed=3", **link).status in (200, 503)
    assert server.request("GET", "/download/png", **link).status == 403
    assert server.request("POST", "/drop", b"{}", **link).status == 403


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1"])
def test_the_socket_needs_its_own_pages_origin(server: Any, origin: str | None) -> None:
    with pytest.raises(InvalidStatus) as found, server.page(origin=origin):
        pass
    assert found.value.response.status_code == 403


def test_headers_keep_pages_apart(server: Any) -> None:
    found = server.request("GET", "/").headers
    policy = found["Content-Security-Policy"]
    assert f"connect-src 'self' ws://127.0.0.1:{server.port};" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "frame-ancestors 'self'" in policy
    assert found["X-Content-Type-Options"] == "nosniff"
    assert found["Referrer-Policy"] == "no-referrer"
    assert found["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "server" not in found
    embedded = server.request("GET", "/?embed=1").headers["Content-Security-Policy"]
    assert "frame-ancestors" not in embedded
    assert "script-src 'self'" in embedded


def test_without_the_token_there_is_nothing_and_with_it_everything(guarded: Any) -> None:
    token = guarded.door.token
    for path in ("/", "/download/json", "/?token=", f"/?token={token[:-1]}", "/?token=%00"):
        assert guarded.request("GET", path).status == 403
    assert guarded.request("GET", "/", Cookie="netwarp-token=wrong").status == 403
    with pytest.raises(InvalidStatus), guarded.page():
        pass
    with guarded.page(query=f"?token={token}") as page:
        assert page.ask("surprise")["kind"] == "surprise"
    first = guarded.request("GET", f"/?seed=3&token={token}&act=sin")
    assert first.status == 303
    assert first.headers["Location"] == "/?seed=3&act=sin"
    cookie = first.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    kept = cookie.split(";")[0]
    assert guarded.request("GET", "/download/json?seed=3", Cookie=kept).status == 200
    with guarded.page(Cookie=kept) as page:
        assert page.ask("surprise")["kind"] == "surprise"
    assert guarded.request("GET", "/", Host="evil.example:80", Cookie=kept).status == 403


@pytest.mark.parametrize(
    "path",
    [
        "/static/../application.py",
        "/static/%2e%2e/application.py",
        "/static/..%2fapplication.py",
        "/static//etc/passwd",
        "/static/....//application.py",
    ],
)
def test_no_path_leads_out_of_the_static_files(server: Any, path: str) -> None:
    found = server.request("GET", path)
    assert found.status == 404
    assert b"import" not in found.data
