"""An OpenID Connect provider, as a client sees it: where to send a browser, and whom a code that comes back stands for.

The authorization code flow with PKCE. An ID token counts only if the provider's own keys sign it, for this application, for
this attempt, and now.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from assistant.settings import Settings
from assistant.types import AssistantError

_SECONDS = 10  # that the provider may take for one answer
_KEPT = 600  # seconds for which its description and keys are used again
_LEEWAY = 60  # seconds by which its clock may differ
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]  # public keys only
_SCOPE = "openid email profile"


class ProviderError(AssistantError):
    """The provider does not answer, refuses, or says something that cannot be trusted; ``reason`` names which."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Signing in with the provider failed ({reason}). Try again, or ask an admin of your organisation.")
        self.reason = reason


@dataclass(frozen=True)
class Attempt:
    """What an attempt to sign in is recognised by when the browser comes back."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Attempt:
        """Return one that nobody can guess."""
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))


@dataclass(frozen=True)
class Identity:
    """Whom the provider vouches for; ``email`` is empty where it does not vouch for the address."""

    subject: str
    email: str
    name: str


class Provider:
    """The provider that the settings name."""

    def __init__(self, settings: Settings) -> None:
        self._issuer = settings.oidc_issuer.rstrip("/")
        self._client = settings.oidc_client
        self._secret = settings.oidc_secret.get_secret_value()
        self._known: dict[str, tuple[float, dict[str, Any]]] = {}

    def address(self, attempt: Attempt, back: str) -> str:
        """Return where to send a browser, which comes back to ``back``.

        Raises:
            ProviderError: the provider cannot be asked.
        """
        with self._oauth(back) as client:
            endpoint = self._described()["authorization_endpoint"]
            url, _ = client.create_authorization_url(
                endpoint, state=attempt.state, nonce=attempt.nonce, code_verifier=attempt.verifier
            )
        return str(url)

    def identity(self, attempt: Attempt, code: str, back: str) -> Identity:
        """Return whom a code stands for.

        Raises:
            ProviderError: the code is refused, or the token for it cannot be trusted.
        """
        try:
            with self._oauth(back) as client:
                token = client.fetch_token(self._described()["token_endpoint"], code=code, code_verifier=attempt.verifier)
        except (OAuthError, httpx.HTTPError, ValueError) as error:
            raise ProviderError("code") from error
        claims = self._claims(str(token.get("id_token", "")), attempt)
        vouched = claims.get("email_verified") is True
        email = str(claims.get("email", "")) if vouched else ""
        return Identity(f"{self._issuer}|{claims['sub']}", email, str(claims.get("name") or email))

    def _claims(self, token: str, attempt: Attempt) -> dict[str, Any]:
        try:
            try:
                decoded = jwt.decode(token, self._keys(), algorithms=_ALGORITHMS)
            except InvalidKeyIdError:  # the provider has new keys
                decoded = jwt.decode(token, self._keys(anew=True), algorithms=_ALGORITHMS)
            jwt.JWTClaimsRegistry(
                leeway=_LEEWAY,
                iss={"essential": True, "value": self._described()["issuer"]},
                aud={"essential": True, "value": self._client},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
                nonce={"essential": True, "value": attempt.nonce},
            ).validate(decoded.claims)
        except (JoseError, ValueError) as error:
            raise ProviderError("token") from error
        if decoded.claims.get("azp", self._client) != self._client:
            raise ProviderError("token")
        return dict(decoded.claims)

    def _oauth(self, back: str) -> OAuth2Client:
        return OAuth2Client(
            self._client, self._secret, scope=_SCOPE, redirect_uri=back, code_challenge_method="S256", timeout=_SECONDS
        )

    def _described(self) -> dict[str, Any]:
        described = self._fetched(f"{self._issuer}/.well-known/openid-configuration")
        if str(described.get("issuer", "")).rstrip("/") != self._issuer:
            raise ProviderError("issuer")
        if not {"authorization_endpoint", "token_endpoint", "jwks_uri"} <= described.keys():
            raise ProviderError("description")
        return described

    def _keys(self, *, anew: bool = False) -> KeySet:
        return KeySet.import_key_set(self._fetched(self._described()["jwks_uri"], anew=anew))  # type: ignore[arg-type]

    def _fetched(self, url: str, *, anew: bool = False) -> dict[str, Any]:
        moment, found = self._known.get(url, (0.0, {}))
        if found and not anew and time.monotonic() - moment < _KEPT:
            return found
        try:
            answer = httpx.get(url, timeout=_SECONDS, follow_redirects=False).raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise ProviderError("unreachable") from error
        if not isinstance(answer, dict):
            raise ProviderError("description")
        self._known[url] = time.monotonic(), answer
        return answer
