"""Addresses of letters: whose house they come from, and where their links lead."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils import translation

from kefu.brands.models import Brand
from kefu.safety.models import OfficialWay


@dataclass(frozen=True)
class Sender:
    name: str
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def sender_of(brand: Brand) -> Sender | None:
    """The brand's first official mail address, which its contact page shows; none while it has none."""
    ways = OfficialWay.objects.shown(brand).filter(kind="mail")
    first = ways.first()
    return Sender(brand.name, first.value) if first else None


def address_of(brand: Brand, view: str, *args: str, language: str) -> str:
    """The whole address of a page in this language."""
    with translation.override(language):
        return origin_of(brand) + reverse(view, args=args)


def host_of(brand: Brand) -> str:
    """What a customer types to come to us."""
    return urlsplit(origin_of(brand)).netloc


def origin_of(brand: Brand) -> str:
    """``https://help.example.com``: the brand's first host, else the installation's own."""
    return brand.origin
