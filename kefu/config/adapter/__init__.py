"""Django's synchronous stack inside the event loop: our own WSGI-in-ASGI adapter (DESIGN 1)."""

from kefu.config.adapter.adapter import Adapter
from kefu.config.adapter.limits import Limits
from kefu.config.adapter.proxies import Proxies

__all__ = ["Adapter", "Limits", "Proxies"]
