"""A workbench of a team: sign-in against a provider, what is refused, and what a role that is taken away ends."""

from __future__ import annotations

import json
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("authlib")
pytest.importorskip("oidc_provider_mock")

import requests
from browsers import Answer, Browser, workbench
from cases_ready import ready_case
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey
from oidc_provider_mock import User, run_server_in_thread

from proscribe.app.case.cases import open_cases
from proscribe.app.keys import accounts
from proscribe.model.accounts import Actor, Role
from proscribe.model.errors import ProscribeError
from proscribe.web.application import Workbench
from proscribe.web.browser_words import browser_words
from proscribe.web.server import read_team, serve
from proscribe.web.settings import Settings, Team
from proscribe.web.sign_in import SignIn

HOST = "proscribe.example.com"
COOKIE = "__Host-proscribe-session"
PROXY = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7", "Host": HOST}


class Person(Browser):  # type: ignore[misc]
    """A browser whose proxy ends TLS, and that keeps each cookie by its name."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.kept: dict[str, str] = {}

    def call(
        self, method: str, path: str, body: bytes = b"", headers: Any = None, *, follow: bool = True
    ) -> Answer:
        own = dict(PROXY)
        if method == "POST":
            own |= {"Origin": f"https://{HOST}", "Sec-Fetch-Site": "same-origin"}
        self.cookie = "; ".join(f"{name}={value}" for name, value in self.kept.items())
        answer = super().call(method, path, body, {**own, **(headers or {})}, follow=False)
        for cookie in answer.cookies:
            name, _, value = cookie.split(";")[0].partition("=")
            if value.strip('"'):
                self.kept[name] = value
            else:
                self.kept.pop(name, None)
        if follow and answer.status == 303 and answer.headers["location"].startswith("/"):
            return self.call("GET", answer.headers["location"])
        return answer

    def sign_in(self, subject: str) -> Answer:
        return self.call("GET", self.to_provider(subject))

    def to_provider(self, subject: str) -> str:
        """Sign in at the provider; gives the address with which it sends the browser back."""
        away = self.call("GET", "/sign-in/begin", follow=False)
        assert away.status == 303, away.text
        back = requests.post(
            away.headers["location"], data={"sub": subject}, allow_redirects=False, timeout=20
        )
        told = urlsplit(back.headers["location"])
        assert told.netloc == HOST and told.scheme == "https"
        return f"{told.path}?{told.query}"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    people = [
        User(sub="dana", claims={"name": "Dana Ruiz", "email": "dana@example.com", "email_verified": True}),
        User(sub="lee", claims={"name": "Lee Okafor", "email": "lee@example.com"}),
        User(sub="dana2", claims={"name": "Dana Ruiz", "email": "other@example.com"}),
    ]
    with run_server_in_thread(user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


def team(issuer: str, folder: Path) -> Team:
    (folder / "secret").write_text("s3cret\n")
    return Team(f"https://{HOST}", ("127.0.0.1",), issuer, "proscribe", str(folder / "secret"), ("dana",))


@pytest.fixture
def bench(issuer: str, tmp_path: Path) -> Iterator[tuple[Workbench, Person]]:
    place = str(tmp_path / "cases.db")
    ready_case(place)
    with workbench(
        place, team=team(issuer, tmp_path), hosts=frozenset({HOST}), rates={"sign-in": "1000 per minute"}
    ) as made:
        yield made[0], Person(int(made[1].host.split(":")[1]))


def another(person: Person) -> Person:
    return Person(int(person.host.split(":")[1]))


def test_who_signs_in_is_shown_and_nobody_else_comes_in(bench: tuple[Workbench, Person]) -> None:
    made, dana = bench
    assert "Sign in" in dana.get("/").text and dana.get("/cases/C-0001").path == "/sign-in"
    start = dana.sign_in("dana")
    assert start.status == 200 and "signed in as Dana Ruiz" in start.text
    assert set(dana.kept) == {COOKIE}
    lee = another(dana)
    assert lee.sign_in("lee").status == 403  # known, and nobody yet
    assert lee.get("/cases/C-0001").status == 404
    with open_cases(made.settings.place) as cases:
        told = {one.subject: one.number for one in accounts.people(cases.store)}
    given = [("account", str(told["lee"])), ("role", "analyst"), ("case_id", "C-0001")]
    dana.get("/administration")
    assert dana.post("/administration/roles", given).status == 200
    assert lee.get("/cases/C-0001").path == "/sign-in"  # the session ended with the change
    lee.sign_in("lee")
    assert lee.get("/cases/C-0001").status == 200
    assert lee.get("/clocks").status == 403 and lee.get("/administration").status == 403
    # taken away in the middle of a session
    assert dana.post("/administration/roles", [*given[:1], ("role", "nobody"), given[2]]).status == 200
    assert lee.get("/cases/C-0001").path == "/sign-in"
    lee.sign_in("lee")
    assert lee.get("/cases/C-0001").status == 404
    with open_cases(made.settings.place) as cases:
        log = accounts.access_log(cases.store)
    assert not log.faults
    assert {"sign in", "role", "account", "cases.case"} <= {one.what for one in log.entries}
    out = dana.post("/sign-out", follow=False)
    assert out.headers["location"] == "/sign-in" and out.headers["clear-site-data"] == '"cache", "storage"'
    assert dana.get("/").path == "/sign-in"


def test_the_cookie_is_bound_to_the_host_and_renewed_at_each_sign_in(bench: tuple[Workbench, Person]) -> None:
    _, dana = bench
    dana.kept[COOKIE] = "a" * 43
    back = dana.call("GET", dana.to_provider("dana"), follow=False)
    (told,) = (one.lower() for one in back.cookies if one.startswith(COOKIE))
    for mark in ("secure", "httponly", "path=/", "samesite=lax"):
        assert mark in told and "domain" not in told
    assert back.headers["location"] == "/"
    first = dana.kept[COOKIE]
    assert first != "a" * 43 and "code" not in back.headers.get("location", "")
    assert dana.get("/").status == 200
    assert "strict-transport-security" in dana.get("/").headers
    dana.sign_in("dana")
    assert dana.kept[COOKIE] != first
    stale = another(dana)
    stale.kept[COOKIE] = first
    assert stale.get("/").path == "/sign-in"
    begun = another(dana).call("GET", "/sign-in/begin", follow=False).headers["set-cookie"].lower()
    for mark in ("__host-", "secure", "httponly", "path=/", "samesite=lax"):
        assert mark in begun and "domain" not in begun


WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (WINDOWS, "Firefox on Windows"), (PHONE, "Safari on iPhone"), ("", "Another browser"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Linux"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("<script>alert(1)</script>", "Another browser"),
    ],
)  # fmt: skip
def test_a_browser_is_named_in_words_that_are_ours(said: str, words: str) -> None:
    assert browser_words(said) == words


def test_no_token_of_the_provider_is_kept_or_sent_on(
    bench: tuple[Workbench, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    from authlib.integrations.requests_client import OAuth2Session

    made, dana = bench
    told: list[Any] = []
    fetch = OAuth2Session.fetch_token

    def heard(*given: Any, **more: Any) -> Any:
        told.append(fetch(*given, **more))
        return told[-1]

    monkeypatch.setattr(OAuth2Session, "fetch_token", heard)
    back = dana.call("GET", dana.to_provider("dana"), follow=False)
    tokens = [told[0][name] for name in ("access_token", "id_token")]
    start = dana.get("/")
    assert "signed in as Dana Ruiz" in start.text
    sent = f"{back.text} {dict(back.headers)} {back.cookies} {start.text} {dict(start.headers)} {dana.kept}"
    kept = b"".join(one.read_bytes() for one in Path(made.settings.place).parent.rglob("*") if one.is_file())
    for token in tokens:
        assert len(token) > 10 and token not in sent and token.encode() not in kept


@pytest.mark.parametrize("at", ["/.well-known/openid-configuration", "/token"])
def test_a_provider_that_sends_us_elsewhere_is_not_followed(tmp_path: Path, at: str) -> None:
    asked: list[str] = []

    class Provider(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            if self.path == at:
                self.send_response(307)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                return
            issuer = f"http://localhost:{self.server.server_port}"  # type: ignore[attr-defined]
            names = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
            told = {"issuer": issuer} | {name: issuer + place for name, place in names.items()}
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        do_POST = do_GET

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("localhost", 0), Provider) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sign_in = SignIn(team(f"http://localhost:{server.server_port}", tmp_path))
        with pytest.raises(ProscribeError) as caught:
            _, kept = sign_in.begin()
            sign_in.finish(kept, {"state": json.loads(kept)[0], "code": "c"})
        server.shutdown()
    assert caught.value.code == "E505" and at in asked and "/elsewhere" not in asked


def test_a_certificate_that_nobody_here_vouches_for_is_named_with_what_to_do(tmp_path: Path) -> None:
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
    (tmp_path / "own.pem").write_bytes(
        made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "own.pem")
    with HTTPServer(("localhost", 0), BaseHTTPRequestHandler) as server:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(ProscribeError) as caught:
            SignIn(team(f"https://localhost:{server.server_address[1]}", tmp_path)).begin()
        server.shutdown()
    assert caught.value.code == "E505" and "REQUESTS_CA_BUNDLE" in str(caught.value)


def test_people_see_where_they_are_signed_in_and_end_it(bench: tuple[Workbench, Person]) -> None:
    made, dana = bench
    phone, third, lee = another(dana), another(dana), another(dana)
    dana.call("GET", dana.to_provider("dana"), headers={"User-Agent": WINDOWS})
    phone.call("GET", phone.to_provider("dana"), headers={"User-Agent": PHONE})
    third.sign_in("dana")
    lee.sign_in("lee")
    start = dana.get("/").text
    assert '<a href="/sessions">signed in as Dana Ruiz</a>' in start
    page = dana.get("/sessions").text
    assert "Firefox on Windows" in page and "Safari on iPhone" in page and "Another browser" in page
    assert page.count("this browser") == 1 and page.count(">End it</button>") == 2
    row = page.partition("Firefox on Windows")[2].partition("</tr>")[0]
    assert "this browser" in row and "<button" not in row
    row = page.partition("Safari on iPhone")[2].partition("</tr>")[0]
    (session,) = re.findall(r'name="session" value="([0-9a-f]{16})"', row)
    # nobody ends that of somebody else, nor by a guessed id or without the token of the form
    assert lee.get("/sessions").text.count("this browser") == 1  # also of whom no role was given
    lee.post("/sessions/end", [("session", session)])
    assert dana.post("/sessions/end", [("session", "0" * 16)]).status == 200
    assert dana.post("/sessions/end", [("session", session)], token="x").status == 403
    assert phone.get("/").status == third.get("/").status == 200
    for _ in range(2):  # a double click
        after = dana.post("/sessions/end", [("session", session)])
        assert after.status == 200 and after.path == "/sessions" and "Safari on iPhone" not in after.text
    assert phone.get("/").path == "/sign-in" and third.get("/").status == 200
    assert phone.post("/sessions/end", [("session", session)]).path == "/sign-in"
    alone = dana.post("/sessions/end").text
    assert "End all others" not in alone and ">End it</button>" not in alone
    assert third.get("/").path == "/sign-in" and dana.get("/").status == lee.get("/sessions").status == 200
    dana.post("/sign-out")
    with open_cases(made.settings.place) as cases:
        log = accounts.access_log(cases.store)
    assert not log.faults
    told = [(one.by, one.what, one.about) for one in reversed(log.entries)]
    assert [one for one in told if one[1] in ("session ended", "sign out")] == [
        ("Dana Ruiz", "session ended", "Safari on iPhone"),
        ("Dana Ruiz", "session ended", "Another browser"),
        ("Dana Ruiz", "sign out", "Firefox on Windows"),
    ]


def test_an_account_cannot_take_a_second_spelling_or_the_name_of_another(
    bench: tuple[Workbench, Person],
) -> None:
    made, dana = bench
    dana.sign_in("dana")
    other = another(dana)
    other.sign_in("dana2")
    with open_cases(made.settings.place) as cases:
        named = {one.subject: one.name for one in accounts.people(cases.store)}
        again = accounts.sign_in(cases.store, issuer="https://x", subject="dana", name="D. Ruiz", email="")
        more = accounts.sign_in(
            cases.store, issuer="https://x", subject="dana", name="Somebody Else", email=""
        )
        assert again.name == more.name
        assert cases.store.same_person(named["dana"], named["dana2"])
    assert named["dana"] == "Dana Ruiz" and named["dana2"] != named["dana"]


@pytest.mark.parametrize("damage", ["state", "code", "cookie", "error", "issuer", "twice"])
def test_an_answer_that_fits_no_sign_in_of_this_browser_lets_nobody_in(
    bench: tuple[Workbench, Person], damage: str
) -> None:
    made, dana = bench
    back = dana.to_provider("dana")
    query = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    if damage == "cookie":
        dana.kept.clear()
    elif damage == "twice":
        dana.call("GET", back)
        dana.kept.pop(COOKIE)
    elif damage == "state":
        back = back.replace(query["state"], "x" * len(query["state"]))
    elif damage == "code":
        back = back.replace(query["code"], "x" * len(query["code"]))
    elif damage == "error":
        back = f"/sign-in/callback?error=access_denied&state={query['state']}"
    else:
        back += "&iss=https%3A%2F%2Fevil.example"
    answer = dana.call("GET", back)
    assert answer.status == 403 and "E505" in answer.text
    assert COOKIE not in dana.kept and dana.get("/").path == "/sign-in"
    with open_cases(made.settings.place) as cases:
        assert accounts.access_log(cases.store).entries[0].outcome == "refused"


def test_only_the_proxy_over_https_and_for_the_public_host_is_answered(
    bench: tuple[Workbench, Person],
) -> None:
    made, dana = bench
    dana.sign_in("dana")
    for headers in (
        {"X-Forwarded-Proto": "http"}, {"X-Forwarded-Proto": ""}, {"Host": "evil.example"}, {"Host": dana.host},
    ):  # fmt: skip
        assert dana.call("GET", "/", headers=headers).status == 421, headers
    for headers in (
        {"Origin": f"http://{HOST}"},
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        assert dana.post("/sign-out", headers=headers).status == 403
    assert dana.get("/").status == 200
    object.__setattr__(made.settings.team, "proxies", ("192.0.2.1",))
    assert dana.get("/").status == 421


def test_a_session_ends_after_half_an_hour_unused_and_after_twelve_hours(tmp_path: Path) -> None:
    with open_cases(str(tmp_path / "cases.db"), create=True) as cases:
        store = cases.store
        account = accounts.sign_in(store, issuer="https://x", subject="dana", name="Dana Ruiz", email="")
        for step, most in ((accounts.IDLE_S - 5, accounts.WHOLE_S), (accounts.IDLE_S + 5, accounts.IDLE_S)):
            secret, now = accounts.begin_session(store, account, 1_000), 1_000
            while accounts.session(store, secret, now) is not None:
                now += step
                assert now < 1_000 + 13 * 3600
            assert most - step <= now - 1_000 <= most + step
            assert accounts.session(store, secret, 1_001) is None  # and stays over
        content = Path(str(tmp_path / "cases.db")).read_bytes()
        secret = accounts.begin_session(store, account, 1_000)
    assert secret.encode() not in content + Path(str(tmp_path / "cases.db")).read_bytes()


# The token of the provider

KEY, OTHER = RSAKey.generate_key(2048, {"kid": "one"}), RSAKey.generate_key(2048, {"kid": "one"})


def signed(claims: dict[str, Any], key: Any = KEY, **header: Any) -> str:
    alg = header.pop("alg", "RS256")
    return jwt.encode({"alg": alg, "kid": "one", **header}, claims, key, algorithms=[alg])


def checking(folder: Path) -> SignIn:
    made = SignIn(team("https://login.example.com", folder))
    made._about = {"issuer": "https://login.example.com", "jwks_uri": "https://login.example.com/keys"}
    made._asked_at = time.monotonic()
    public = KeySet([KEY]).as_dict(private=False)
    made.__dict__["_asked"] = lambda _address: json.loads(json.dumps(public))
    return made


def claims(**other: Any) -> dict[str, Any]:
    now = int(time.time())
    told = {
        "iss": "https://login.example.com",
        "aud": "proscribe",
        "sub": "dana",
        "exp": now + 300,
        "iat": now,
        "nonce": "n",
    }
    return {name: value for name, value in {**told, **other}.items() if value is not None}


def test_a_token_that_holds_says_who_it_is(tmp_path: Path) -> None:
    assert checking(tmp_path).checked(signed(claims()), "n")["sub"] == "dana"
    assert (
        checking(tmp_path).checked(signed(claims(aud=["proscribe"], azp="proscribe")), "n")["sub"] == "dana"
    )


@pytest.mark.parametrize(
    "other",
    [
        {"nonce": "m"}, {"nonce": None}, {"aud": "somebody-else"}, {"aud": None}, {"iss": "https://evil.example"}, {"iss": None},
        {"exp": 1_000}, {"exp": None}, {"iat": None}, {"sub": None}, {"sub": ""}, {"azp": "somebody-else"},
        {"aud": ["somebody-else"]}, {"iat": 4_102_444_800},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_of_somebody_or_some_time_else_is_refused(tmp_path: Path, other: dict[str, Any]) -> None:
    with pytest.raises(ProscribeError) as caught:
        checking(tmp_path).checked(signed(claims(**other)), "n")
    assert caught.value.code == "E505"


def test_a_token_with_another_key_or_algorithm_is_refused(tmp_path: Path) -> None:
    public = KEY.as_pem(private=False)
    head, body, mark = signed(claims()).split(".")
    none = "eyJhbGciOiJub25lIn0"
    for token in (
        signed(claims(), OTHER),
        signed(claims(), OctKey.import_key(b"s3cret-s3cret-s3cret-s3cret-s3cret"), alg="HS256"),
        signed(claims(), OctKey.import_key(public.replace(b"-----", b"-")), alg="HS256"),
        signed(claims(), ECKey.generate_key("P-256", {"kid": "one"}), alg="ES256"),
        signed(claims(), kid="two"),
        f"{none}.{body}.", f"{none}.{body}.{mark}", f"{head}.{body}.", f"{head}.{body}.{mark[:-6]}AAAAAA", "", "x", "a.b.c", "....",
    ):  # fmt: skip
        with pytest.raises(ProscribeError) as caught:
            checking(tmp_path).checked(token, "n")
        assert caught.value.code == "E505", token


# What does not start

WHOLE = (
    'public_address = "https://proscribe.example.com"\nproxies = ["127.0.0.1"]\nissuer = "https://login.example.com"\n'
    'client_id = "proscribe"\nclient_secret_file = "secret"\nadministrators = ["dana"]\n'
)


@pytest.mark.parametrize(
    ("given", "instead"),
    [
        ("https://proscribe", "http://proscribe"), ('proxies = ["127.0.0.1"]', "proxies = []"), ("127.0.0.1", "anywhere"),
        ("https://login", "http://login"), ('client_id = "proscribe"\n', ""), ('issuer = "https://login.example.com"\n', ""),
        ('public_address = "https://proscribe.example.com"\n', ""), ("client_id =", "client_name ="), ("dana", 'dana"'),
        ("example.com\"\nproxies", "example.com/path\"\nproxies"),
    ],
)  # fmt: skip
def test_a_team_without_sign_in_public_address_or_proxy_is_refused(
    tmp_path: Path, given: str, instead: str
) -> None:
    place = tmp_path / "team.toml"
    place.write_text(WHOLE)
    assert read_team(place).host == "proscribe.example.com"
    place.write_text(WHOLE.replace(given, instead, 1))
    assert place.read_text() != WHOLE
    with pytest.raises(ProscribeError) as caught:
        read_team(place)
    assert caught.value.code == "E503"


def test_a_team_without_its_secret_and_one_person_elsewhere_are_refused(tmp_path: Path) -> None:
    place = tmp_path / "team.toml"
    place.write_text(WHOLE.replace('"secret"', f'"{tmp_path}/secret"'))
    for content in (None, " \n"):
        if content is not None:
            (tmp_path / "secret").write_text(content)
        with pytest.raises(ProscribeError) as caught:
            serve(Settings(str(tmp_path / "cases.db"), team=read_team(place)))
        assert caught.value.code == "E503"
    for more, code in (({"host": "0.0.0.0"}, "E417"), ({"processes": 2}, "E503")):
        with pytest.raises(ProscribeError) as caught:
            serve(Settings(str(tmp_path / "cases.db")), **more)
        assert caught.value.code == code


def test_nobody_gives_a_role_in_a_case_that_is_none(tmp_path: Path) -> None:
    with open_cases(str(tmp_path / "cases.db"), create=True) as cases:
        account = accounts.sign_in(
            cases.store, issuer="https://x", subject="dana", name="Dana Ruiz", email=""
        )
        root = Actor(0, "R. Ito", {"": Role.ADMINISTRATOR})
        for number, case_id, code in ((account.number, "C-0001", "E423"), (99, "", "E504")):
            with pytest.raises(ProscribeError) as caught:
                accounts.give_role(cases.store, number, Role.VIEWER, case_id, by=root)
            assert caught.value.code == code


@pytest.mark.skipif(sys.platform != "linux", reason="who listens is read from /proc")
def test_each_process_of_a_team_listens_by_itself(issuer: str, tmp_path: Path) -> None:
    """Of one shared socket a process takes all that wait, and answers nearly everybody."""
    psutil = pytest.importorskip("psutil")
    place = str(tmp_path / "cases.db")
    ready_case(place)
    program = (
        "import sys; from proscribe.web.server import serve; from proscribe.web.settings import Settings, Team\n"
        f"team = Team({f'https://{HOST}'!r}, ('127.0.0.1',), {issuer!r}, 'proscribe', {str(tmp_path / 'secret')!r})\n"
        f"serve(Settings(place={place!r}, team=team), port=int(sys.argv[1]), processes=2)\n"
    )
    (tmp_path / "secret").write_text("s3cret\n", encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = subprocess.Popen([sys.executable, "-c", program, str(port)])
    try:
        listening: set[int] = set()
        until_s = time.monotonic() + 60
        while len(listening) < 2 and time.monotonic() < until_s:
            time.sleep(0.1)
            first = psutil.Process(running.pid)
            for one in (first, *first.children()):
                for held in one.net_connections("tcp"):
                    if held.status == psutil.CONN_LISTEN and held.laddr.port == port:
                        listening.add(os.stat(f"/proc/{one.pid}/fd/{held.fd}").st_ino)
        assert len(listening) == 2
        assert Person(port).get("/").status == 200
    finally:
        running.terminate()
        running.wait(30)
