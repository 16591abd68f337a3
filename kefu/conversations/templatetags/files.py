"""What may be sent, as an operator has set it."""

from __future__ import annotations

import json

from django import template
from django.conf import settings

from kefu.conversations.frames import MOST_FILES
from kefu.safety.files.kinds import EXTENSIONS

register = template.Library()
MEGABYTE = 1024 * 1024
# What choosers show. Named by type, because iPhones then turn their own pictures into JPEG.
ACCEPT = [*EXTENSIONS, "text/csv", ".log"]


@register.simple_tag
def file_limits() -> dict[str, object]:
    """`picture_mb` and its like in whole megabytes, `json` in bytes by kind, `most` in one message, `accept` for inputs."""
    sizes = {str(kind): size for kind, size in settings.LARGEST_FILE.items()}
    in_megabytes = {f"{kind}_mb": size // MEGABYTE for kind, size in sizes.items()}
    return in_megabytes | {"accept": ",".join(ACCEPT), "json": json.dumps(sizes), "most": MOST_FILES}
