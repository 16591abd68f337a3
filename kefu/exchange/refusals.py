"""Why a token vouches for nobody: closed reasons, which say what the platform's developers must mend."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    NO_PLATFORM = "no_platform"
    """The brand has no platform set up."""
    TOO_LARGE = "too_large"
    MALFORMED = "malformed"
    """It is no signed token, or a claim has the wrong shape."""
    ALGORITHM = "algorithm"
    """It is signed in a way that these keys are not for, or not at all."""
    UNKNOWN_KEY = "unknown_key"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    MISSING_CLAIM = "missing_claim"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    """It begins, or was made, in the future."""
    TOO_LONG_LIVED = "too_long_lived"
    REPLAYED = "replayed"
    """It was used before."""
    NO_KEYS = "no_keys"
    """The platform's key set can't be fetched now, so nothing is known of this token."""


class NotVouched(ValueError):
    """The token vouches for nobody."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
