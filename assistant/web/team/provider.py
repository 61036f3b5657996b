"""An OpenID Connect provider as a client sees it: where to send a browser, and whom a code that comes back stands for.

The authorization code flow with PKCE. An ID token counts only if a key of the provider signs it, for this application, for
this attempt, and now.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlsplit

import httpx2
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from pydantic import AfterValidator, BaseModel

from assistant.settings import Settings
from assistant.types import AssistantError

_KEPT = 300.0  # seconds for which the provider's description and keys are used again
_LEEWAY = 60  # seconds by which its clock may differ from ours
_LONGEST_SUBJECT = 255
_SCOPE = "openid email profile"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
# Signed with a key that the provider alone has: with a shared secret, whoever knows the public key could sign.
_ALGORITHMS = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split()
T = TypeVar("T")
Form = TypeVar("Form", bound=BaseModel)


class ProviderError(AssistantError):
    """Signing in with the provider does not succeed.

    ``reason`` names why: ``unreachable``, ``misfit`` (it is set up otherwise than this application), ``failed`` (what it says
    cannot be trusted), ``code``, ``state``, ``declined``, ``unverified``, ``unknown`` or ``taken``.
    """

    def __init__(self, reason: str, detail: object = "") -> None:
        super().__init__(f"Nobody was signed in ({reason}). Begin again, or ask an admin of your organisation. {detail}".strip())
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
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))


@dataclass(frozen=True)
class Identity:
    """Whom the provider vouches for; ``email`` is empty where it does not vouch for the address."""

    subject: str
    email: str
    name: str


def _guarded(url: str) -> str:
    """Return an address to which secrets may be sent: encrypted, or on this machine."""
    parts = urlsplit(url)
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)):
        raise ValueError("it has to begin with https://")
    return url


_Address = Annotated[str, AfterValidator(_guarded)]


class _Description(BaseModel):
    issuer: str
    authorization_endpoint: _Address
    token_endpoint: _Address
    jwks_uri: _Address
    id_token_signing_alg_values_supported: list[str] = ["RS256"]
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]


class _Keys(BaseModel):
    keys: list[dict[str, Any]]


@dataclass
class _Kept(Generic[T]):
    """What was fetched, used again for some minutes; what failed is not kept."""

    fetch: Callable[[], T]
    found: tuple[float, T] | None = None

    def get(self, *, anew: bool = False) -> T:
        if self.found is None or anew or time.monotonic() - self.found[0] > _KEPT:
            self.found = time.monotonic(), self.fetch()
        return self.found[1]


class Provider:
    """The provider that the settings name; ``seconds`` is how long it may be silent.

    Raises:
        AssistantError: the settings cannot be right.
    """

    def __init__(self, settings: Settings, seconds: float = 5) -> None:
        self._issuer, self._client = settings.oidc_issuer, settings.oidc_client
        self._secret = settings.oidc_secret.get_secret_value()
        self._seconds = seconds
        self._description = _Kept(self._describe)
        self._keys = _Kept(self._fetch_keys)
        try:
            _guarded(self._issuer)
        except ValueError as error:
            raise AssistantError(f"ASSISTANT_OIDC_ISSUER does not fit: {error}. Correct or unset it.") from error
        if not self._client:
            raise AssistantError("ASSISTANT_OIDC_CLIENT is missing: set it to the id that the provider gave this application.")

    def address(self, attempt: Attempt, back: str) -> str:
        """Return where to send a browser, which comes back to the address ``back``.

        Raises:
            ProviderError: the provider cannot be asked.
        """
        description = self._description.get()
        with self._oauth(description, back) as client:
            url, _ = client.create_authorization_url(
                description.authorization_endpoint, attempt.state, attempt.verifier, nonce=attempt.nonce
            )
        return str(url)

    def identity(self, attempt: Attempt, code: str, back: str) -> Identity:
        """Return whom a code stands for.

        Raises:
            ProviderError: the code is refused, or the token for it cannot be trusted.
        """
        claims = self._claims(self._exchange(attempt, code, back), attempt)
        email, subject = claims.get("email"), claims["sub"]
        if len(subject) > _LONGEST_SUBJECT:
            raise ProviderError("failed", "sub is too long")
        vouched = email if isinstance(email, str) and claims.get("email_verified") is True and _plain(email) else ""
        return Identity(f"{self._issuer}|{subject}", vouched, str(claims.get("name") or vouched))

    def _exchange(self, attempt: Attempt, code: str, back: str) -> str:
        """Return the ID token for a code."""
        description = self._description.get()
        try:
            with self._oauth(description, back) as client:
                token = client.fetch_token(description.token_endpoint, code=code, code_verifier=attempt.verifier)
        except httpx2.HTTPError as error:
            raise ProviderError("unreachable", error) from error
        except OAuthError as error:
            raise ProviderError("code" if error.error == "invalid_grant" else "misfit", error.error) from error
        except ValueError as error:
            raise ProviderError("failed", error) from error
        return str(token.get("id_token", ""))

    def _claims(self, token: str, attempt: Attempt) -> dict[str, Any]:
        try:
            decoded = self._decoded(token)
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                {
                    "iss": {"essential": True, "value": self._issuer},
                    "aud": {"essential": True, "value": self._client},
                    "sub": {"essential": True},
                },
                {"client_id": self._client, "nonce": attempt.nonce},
            )
            claims.validate(leeway=_LEEWAY)
        except (JoseError, ValueError) as error:
            raise ProviderError("failed", error) from error
        return dict(claims)

    def _decoded(self, token: str) -> jwt.Token:
        """Return what a token says; where its key is not known, the provider may have new ones."""
        announced = self._description.get().id_token_signing_alg_values_supported
        allowed = [one for one in _ALGORITHMS if one in announced]
        if not allowed:  # to the registry, none would mean its own choice, shared secrets included
            raise ProviderError("misfit", "the provider signs with shared secrets only")
        registry = JWSRegistry(algorithms=allowed, strict_check_header=False)
        try:
            return jwt.decode(token, self._keys.get(), registry=registry)
        except InvalidKeyIdError:
            return jwt.decode(token, self._keys.get(anew=True), registry=registry)

    def _oauth(self, description: _Description, back: str) -> OAuth2Client:
        return OAuth2Client(
            self._client,
            self._secret,
            self._method(description),
            scope=_SCOPE,
            redirect_uri=back,
            code_challenge_method="S256",
            timeout=self._seconds,
        )

    def _method(self, description: _Description) -> str:
        """Return how this application proves to be itself; one without a secret has PKCE alone."""
        if not self._secret:
            return "none"
        for method in ("client_secret_basic", "client_secret_post"):
            if method in description.token_endpoint_auth_methods_supported:
                return method
        raise ProviderError("misfit", "the provider takes no client secret")

    def _describe(self) -> _Description:
        found = self._fetched(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration", _Description)
        if found.issuer != self._issuer:
            raise ProviderError("misfit", f"it calls itself {found.issuer}; ASSISTANT_OIDC_ISSUER has to be exactly that")
        return found

    def _fetch_keys(self) -> KeySet:
        found = self._fetched(self._description.get().jwks_uri, _Keys)
        try:
            return KeySet.import_key_set({"keys": found.keys})
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise ProviderError("misfit", "its keys cannot be read") from error

    def _fetched(self, url: str, form: type[Form]) -> Form:
        try:
            answer = httpx2.get(url, timeout=self._seconds).raise_for_status()
            return form.model_validate_json(answer.content)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise ProviderError("unreachable", error) from error
        except ValueError as error:
            raise ProviderError("misfit", f"{url} holds something else than expected") from error


def _plain(email: str) -> bool:
    """Tell whether small letters leave an address what it is: ß would become ss, and with it the address of somebody else."""
    return email.casefold() == email.encode().lower().decode()
