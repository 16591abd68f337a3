"""What the demo's operator would have said at the console: whose tokens to believe, and whose pages show the chat."""

from __future__ import annotations

from kefu.brands.actions import allow_origins
from kefu.brands.models import Brand
from kefu.demo.host.signing import AUDIENCE, ISSUER
from kefu.exchange.actions import PlatformText, set_platform
from kefu.exchange.models import KeySource, Platform
from kefu.journal.actor import SYSTEM

BRAND = "xinghai"
KEY_SET = "/.well-known/jwks.json"
# Where the website was at an earlier start, perhaps on another port.
OURS = "http://127.0.0.1:"


def arrange(origin: str) -> bool:
    """Believe the website at this origin; whether there is the brand that it belongs to. Twice is harmless.

    What somebody else has said of the platform since stays as they said it.
    """
    brand = Brand.objects.filter(key=BRAND).first()
    if brand is None:
        return False
    platform = Platform.objects.filter(brand=brand).first()
    earlier = platform.jwks_url.removesuffix(KEY_SET) if platform else ""
    if platform is None or platform.jwks_url.startswith(OURS):
        text = PlatformText(
            issuer=ISSUER, audience=AUDIENCE, source=KeySource.JWKS, jwks_url=f"{origin}{KEY_SET}"
        )
        set_platform(brand=brand, text=text, by=SYSTEM)
    others = [one for one in brand.origins if one not in {origin, earlier}]
    allow_origins(brand=brand, origins=[*others, origin])
    return True
