"""An OpenID Connect provider on loopback, which can be told to misbehave."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey


class Play:
    """What the provider says; a test changes it."""

    def __init__(self):
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.claims = {"email": "reader@lamp.example", "email_verified": True, "name": "森", "sub": "s1"}
        self.header, self.sign_with, self.issuer, self.slow, self.down = {}, None, None, 0, False
        self.codes = {}

    def token(self, address, nonce):
        now = int(time.time())
        given = {"iss": address, "aud": "client", "iat": now, "exp": now + 300, "nonce": nonce, **self.claims}
        header = {"alg": "RS256", "kid": self.key.kid, **self.header}
        if header["alg"] == "none":
            return ".".join([*(_part(json.dumps(one).encode()) for one in (header, given)), ""])
        if isinstance(self.sign_with, bytes):
            return _signed(header, given, self.sign_with)
        key = self.sign_with or self.key
        return jwt.encode(header, {k: v for k, v in given.items() if v is not None}, key, algorithms=[header["alg"]])


def _part(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _signed(header, claims, secret):
    """A token signed with a shared secret, as an attacker would make it who takes the public key for one."""
    text = ".".join(_part(json.dumps(one).encode()) for one in (header, claims))
    return f"{text}.{_part(hmac.new(secret, text.encode(), 'sha256').digest())}"


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def _say(self, value, status=200):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        play, address = self.server.play, self.server.address
        time.sleep(play.slow)
        path = urlsplit(self.path)
        if play.down:
            self._say({}, 503)
        elif path.path == "/.well-known/openid-configuration":
            self._say({
                "issuer": play.issuer or address, "authorization_endpoint": f"{address}/authorize",
                "token_endpoint": f"{address}/token", "jwks_uri": f"{address}/keys",
            })  # fmt: skip
        elif path.path == "/keys":
            self._say({"keys": [play.key.as_dict(private=False)]})
        elif path.path == "/authorize":
            asked = {key: values[0] for key, values in parse_qs(path.query).items()}
            code = secrets.token_urlsafe(8)
            play.codes[code] = asked
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")
            self.end_headers()

    def do_POST(self):
        play, address = self.server.play, self.server.address
        given = {
            key: values[0] for key, values in parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()).items()
        }
        asked = play.codes.pop(given.get("code", ""), None)
        challenge = (
            base64.urlsafe_b64encode(hashlib.sha256(given.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        )
        known = self.headers["Authorization"] == "Basic " + base64.b64encode(b"client:secret").decode()
        if asked is None or asked["code_challenge"] != challenge or asked["code_challenge_method"] != "S256" or not known:
            self._say({"error": "invalid_grant"}, 400)
            return
        self._say({"access_token": "x", "token_type": "Bearer", "id_token": play.token(address, asked["nonce"])})


@contextmanager
def playing():
    """Yield (address, play) of a provider."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.play, server.address = Play(), f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.address, server.play
    finally:
        server.shutdown()
        server.server_close()
