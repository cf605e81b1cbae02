"""Who signs people in, for tests: a small OpenID Connect provider in a process of its own, on this machine alone.

It does what a plant's own one does (discovery, keys, code with PKCE, signed ID tokens), and asks no passwords: whoever
comes chooses whom to be. ``python -m tests.browser.provider PORT``
"""

import base64
import hashlib
import secrets
import sys
import time
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "casting", "a-secret-of-the-test"  # of the dashboard, as it is registered here
PEOPLE: dict[str, dict[str, Any]] = {
    "ann": {"email": "ann@plant.example", "name": "Ann", "groups": []},
    "vic": {"email": "vic@plant.example", "name": "Vic", "groups": ["viewer"]},
    "eve": {"email": "eve@plant.example", "name": "Eve", "groups": ["canteen"]},
}


class Provider:
    """The codes it has given out, and the key it signs with."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer
        self._key = RSAKey.generate_key(2048, parameters={"kid": "1", "use": "sig", "alg": "RS256"})
        self._codes: dict[str, tuple[str, dict[str, str]]] = {}

    def app(self) -> Starlette:
        """Its paths."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._discovery),
                Route("/jwks", self._keys),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/end", self._end),
            ]
        )

    def _discovery(self, _request: Request) -> Response:
        paths = {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "jwks_uri": "jwks",
            "end_session_endpoint": "end",
        }
        told = {name: f"{self._issuer}/{path}" for name, path in paths.items()}
        more = {"code_challenge_methods_supported": ["S256"], "id_token_signing_alg_values_supported": ["RS256"]}
        return JSONResponse({"issuer": self._issuer, **told, **more})

    def _keys(self, _request: Request) -> Response:
        return JSONResponse({"keys": [self._key.as_dict(private=False)]})

    def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        if asked.get("client_id") != CLIENT:
            return Response("unknown client", 400)
        if (who := asked.pop("as", None)) is None:
            links = "".join(f'<p><a href="?{urlencode(asked | {"as": name})}">Sign in as {name}</a>' for name in PEOPLE)
            return HTMLResponse(f"<!doctype html><title>The plant's accounts</title><h1>Who are you?</h1>{links}")
        code = secrets.token_urlsafe(16)
        self._codes[code] = (who, asked)
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 302)

    async def _token(self, request: Request) -> Response:
        form = await request.form()
        who, asked = self._codes.pop(str(form.get("code")), ("", {}))  # once
        given = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
        proven = base64.urlsafe_b64encode(given).rstrip(b"=").decode() == asked.get("code_challenge")
        client = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        known = request.headers.get("authorization") == f"Basic {client}" or form.get("client_secret") == SECRET
        if not who or not proven or not known:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        said = {"iss": self._issuer, "sub": who, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        token = jwt.encode({"alg": "RS256", "kid": "1"}, said | PEOPLE[who] | {"email_verified": True}, self._key)
        return JSONResponse({"access_token": "none", "token_type": "Bearer", "id_token": token, "expires_in": 300})

    def _end(self, request: Request) -> Response:
        return RedirectResponse(request.query_params["post_logout_redirect_uri"], 302)


if __name__ == "__main__":
    port = int(sys.argv[1])
    uvicorn.run(Provider(f"http://127.0.0.1:{port}").app(), host="127.0.0.1", port=port, log_level="warning")
