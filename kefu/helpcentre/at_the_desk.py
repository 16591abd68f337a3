"""Links on pages of the desk, which stand on one brand's host and speak of the articles of another too."""

from __future__ import annotations

from django.urls import reverse

from kefu.brands.models import Brand
from kefu.helpcentre.markdown.render import with_attributes


def address_here(path: str, *, brand: Brand, here: Brand | None) -> str:
    """Where a page of the brand is found from a page on the host of `here`: `path` is that of a reader, or of staff."""
    if path.startswith(reverse("staff_articles:search")):
        return f"{path.partition('?')[0]}?brand={brand.pk}"
    return path if brand == here else brand.origin + path


def linked_here(html: str, *, brand: Brand, here: Brand | None) -> str:
    """A drawn text of the brand, with its links to other pages as they lead there from the host of `here`."""

    def change(tag: str, name: str, value: str) -> str:
        is_ours = (tag, name) == ("a", "href") and value.startswith("/")
        return address_here(value, brand=brand, here=here) if is_ours else value

    return with_attributes(html, change)
