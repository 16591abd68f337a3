"""Reading a platform's token (JSON Web Token, RFC 7519, checked as RFC 8725 advises): who comes, or why it says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import jwt
import msgspec

from kefu.exchange.jwk import Key
from kefu.exchange.keys import keys_for
from kefu.exchange.models import Platform
from kefu.exchange.refusals import NotVouched, Reason
from kefu.safety.tokens import token_hash

LARGEST = 8 * 1024
LONGEST_LIFE = timedelta(minutes=10)
# How far the platform's clock and ours may be apart.
SKEW = timedelta(seconds=60)
REQUIRED = ["iss", "aud", "sub", "iat", "exp", "jti"]
REASONS: tuple[tuple[type[jwt.PyJWTError], Reason], ...] = (
    (jwt.ExpiredSignatureError, Reason.EXPIRED),
    (jwt.ImmatureSignatureError, Reason.NOT_YET),
    (jwt.InvalidAudienceError, Reason.AUDIENCE),
    (jwt.InvalidIssuerError, Reason.ISSUER),
    (jwt.MissingRequiredClaimError, Reason.MISSING_CLAIM),
    (jwt.InvalidAlgorithmError, Reason.ALGORITHM),
    (jwt.InvalidSignatureError, Reason.SIGNATURE),
)


@dataclass(frozen=True)
class PlatformUser:
    """Whom the platform vouches for. `user_id` is its own and means nothing to us; "" is what it did not say.

    `token_hash` stands for the token until `ends_at`, after which it could not come again.
    """

    user_id: str
    name: str
    email: str
    is_email_verified: bool
    phrase: str
    language: str
    token_hash: str
    ends_at: datetime


class _Claims(msgspec.Struct):
    sub: Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
    jti: Annotated[str, msgspec.Meta(min_length=8, max_length=255)]
    iat: float
    exp: float
    name: str | None = None
    email: str | None = None
    email_verified: bool | None = None
    phrase: str | None = None
    language: str | None = None


def read_token(*, brand_id: int, token: str) -> PlatformUser:
    """Whoever the platform of this brand vouches for by a token that is good now. Raises NotVouched.

    It may have been used before: `actions.use_token` says so. May ask the platform for its keys, so that no transaction may
    be open meanwhile.
    """
    platform = Platform.objects.filter(brand_id=brand_id).first()
    if platform is None:
        raise NotVouched(Reason.NO_PLATFORM)
    keys = keys_for(platform, _key_id(token))
    return _user(platform, _shaped(_verified(platform, token, keys)))


def _key_id(token: str) -> str | None:
    """From the header, which anybody may have written: it chooses among our keys and is used for nothing else."""
    if len(token) > LARGEST:
        raise NotVouched(Reason.TOO_LARGE)
    if not token.isascii():
        raise NotVouched(Reason.MALFORMED)
    try:
        key_id = jwt.get_unverified_header(token).get("kid")
    except jwt.PyJWTError:
        raise NotVouched(Reason.MALFORMED) from None
    return None if key_id is None else str(key_id)


def _verified(platform: Platform, token: str, keys: list[Key]) -> dict[str, Any]:
    """The claims, by the first of the keys whose signature it is."""
    reason = Reason.SIGNATURE
    for key in keys:
        try:
            return jwt.decode(
                token,
                key.material,
                algorithms=[key.algorithm],
                audience=platform.audience,
                issuer=platform.issuer,
                leeway=SKEW,
                options={"require": REQUIRED},
            )
        except jwt.PyJWTError as problem:
            reason = _reason(problem)
            if reason not in {Reason.SIGNATURE, Reason.ALGORITHM}:
                break
    raise NotVouched(reason)


def _reason(problem: jwt.PyJWTError) -> Reason:
    return next((reason for kind, reason in REASONS if isinstance(problem, kind)), Reason.MALFORMED)


def _shaped(found: dict[str, Any]) -> _Claims:
    try:
        claims = msgspec.convert(found, _Claims)
    except msgspec.ValidationError:
        raise NotVouched(Reason.MALFORMED) from None
    # What can't be printed can't be an id either, and half a character can't even be stored.
    if not (claims.sub.isprintable() and claims.jti.isprintable()) or claims.exp <= claims.iat:
        raise NotVouched(Reason.MALFORMED)
    if claims.exp - claims.iat > LONGEST_LIFE.total_seconds():
        raise NotVouched(Reason.TOO_LONG_LIVED)
    return claims


def _user(platform: Platform, claims: _Claims) -> PlatformUser:
    return PlatformUser(
        user_id=claims.sub,
        name=_line(claims.name),
        email=_line(claims.email),
        is_email_verified=claims.email_verified is True,
        phrase=_line(claims.phrase),
        language=_line(claims.language).lower(),
        token_hash=token_hash(f"{platform.brand_id}\n{claims.jti}"),
        ends_at=datetime.fromtimestamp(claims.exp, UTC) + SKEW,
    )


def _line(text: str | None) -> str:
    """One line of what can be printed."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text or "")
    return " ".join(shown.split())
