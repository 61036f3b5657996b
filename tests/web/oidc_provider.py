"""An OpenID Connect provider on loopback that checks what it is sent, and can be told to misbehave."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "lamp client", "s3cret"
BASIC = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()


class Play:
    """What the provider says and does; a test changes it."""

    def __init__(self, address, key):
        self.address, self.key, self.published = address, key, [key]
        self.sub = secrets.token_hex(8)  # whom it vouches for: somebody else in each test
        self.description, self.claims, self.header = {}, {}, {}
        self.signer = None  # (header, claims) → token, in place of the provider's key
        self.refuses, self.broken = "", {}  # error of the authorization; path → (status, body) sent instead
        self.waits = threading.Event()  # while it is not set, no answer comes
        self.waits.set()
        self.codes, self.asked = {}, []

    def described(self):
        return {
            "issuer": self.address, "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token", "jwks_uri": f"{self.address}/keys",
            "id_token_signing_alg_values_supported": ["RS256"], **self.description,
        }  # fmt: skip

    def token(self, nonce):
        now = int(time.time())
        claims = {
            "iss": self.address, "aud": CLIENT, "sub": self.sub, "iat": now, "exp": now + 300, "nonce": nonce,
            "email": "reader@lamp.example", "email_verified": True, "name": "森 葵", **self.claims,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "RS256", "kid": self.key.kid, **self.header}
        if self.signer:
            return self.signer(header, claims)
        return jwt.encode(header, claims, self.key, algorithms=[header["alg"]])


def new_key():
    return RSAKey.generate_key(2048, auto_kid=True)


def unsigned(header, claims):
    return f"{_text({**header, 'alg': 'none'}, claims)}."


def signed_with_what_everybody_knows(key):
    """Sign with the public key as if it were a shared secret."""

    def signer(header, claims):
        text = _text({**header, "alg": "HS256"}, claims)
        return f"{text}.{_part(hmac.digest(key.as_pem(private=False), text.encode(), 'sha256'))}"

    return signer


def _text(header, claims):
    return ".".join(_part(json.dumps(one).encode()) for one in (header, claims))


def _part(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        play, path = self.server.play, urlsplit(self.path)
        if self._misbehaves(play, path.path):
            return
        if path.path == "/.well-known/openid-configuration":
            self._say(play.described())
        elif path.path == "/keys":
            self._say({"keys": [key.as_dict(private=False) for key in play.published]})
        elif path.path == "/authorize":
            self._authorize(play, {name: values[0] for name, values in parse_qs(path.query).items()})
        else:
            self._say({}, 404)

    def _authorize(self, play, asked):
        wanted = {"client_id": CLIENT, "response_type": "code", "code_challenge_method": "S256"}
        if any(asked.get(name) != value for name, value in wanted.items()) or "openid" not in asked["scope"].split():
            self._say({"error": "invalid_request"}, 400)
            return
        code = secrets.token_urlsafe(8)
        play.codes[code] = asked
        back = {"error": play.refuses} if play.refuses else {"code": code}
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode({**back, 'state': asked['state']})}")
        self.end_headers()

    def do_POST(self):
        play = self.server.play
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        given = {name: values[0] for name, values in parse_qs(body).items()}
        if self._misbehaves(play, self.path):
            return
        methods = play.described().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        posted = (given.get("client_id"), given.get("client_secret")) == (CLIENT, SECRET)
        known = {"client_secret_basic": self.headers["Authorization"] == BASIC, "client_secret_post": posted}
        asked = play.codes.pop(given.get("code", ""), None)
        challenge = _part(hashlib.sha256(given.get("code_verifier", "").encode()).digest())
        if not any(known[method] for method in methods):
            self._say({"error": "invalid_client"}, 401)
        elif asked is None or asked["code_challenge"] != challenge or asked["redirect_uri"] != given.get("redirect_uri"):
            self._say({"error": "invalid_grant"}, 400)
        else:
            self._say({"access_token": "x", "token_type": "Bearer", "id_token": play.token(asked["nonce"])})

    def _misbehaves(self, play, path):
        play.asked.append(path)
        play.waits.wait(30)
        if path not in play.broken:
            return False
        status, body = play.broken[path]
        self._say(body, status)
        return True

    def _say(self, value, status=200):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        with suppress(ConnectionError):  # who asked did not wait for a slow answer
            self.end_headers()
            self.wfile.write(body)


@contextmanager
def serving():
    """Yield a server whose ``play`` is what the provider does, until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.play = Play(f"http://127.0.0.1:{server.server_port}", new_key())
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.play.waits.set()
        server.shutdown()
        server.server_close()
        thread.join()
