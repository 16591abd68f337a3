"""Reading pages as strictly as a validator would."""

from __future__ import annotations

import html5lib
from django.http import HttpResponse

LANGUAGES = ["zh-hans", "zh-hant", "en"]
LANG = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en"}


def parsed(response: HttpResponse) -> str:
    """The page's text, after html5lib found nothing wrong with it and every id in it is there once."""
    text = response.content.decode()
    page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    ids = [node.attrib["id"] for node in page.iter() if "id" in getattr(node, "attrib", {})]
    assert len(ids) == len(set(ids)), sorted(one for one in ids if ids.count(one) > 1)
    return text
