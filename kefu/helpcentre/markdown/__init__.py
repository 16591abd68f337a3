"""Articles are written in Markdown; this turns them into the design's HTML, which nothing hostile survives."""

from __future__ import annotations

from kefu.helpcentre.markdown.problems import BadMarkdown
from kefu.helpcentre.markdown.render import LONGEST, VERSION, Rendered, render
from kefu.helpcentre.markdown.shape import Heading

__all__ = ["LONGEST", "VERSION", "BadMarkdown", "Heading", "Rendered", "render"]
