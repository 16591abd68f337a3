"""The demo exchange's own website: its users sign in there, and it vouches for them. Only this machine reaches it.

Doorways: `site` (the pages, an ASGI application) and `arranging` (what Kefu is told of it).
"""
