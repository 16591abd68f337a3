"""What search engines read beside the text: schema.org in JSON-LD, made from the same rows as the page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext

from kefu.brands.models import Brand
from kefu.helpcentre.models import Category, Translation
from kefu.ui.languages import html_lang

CONTEXT = "https://schema.org"


def of_article(translation: Translation, brand: Brand) -> list[dict[str, Any]]:
    """https://schema.org/Article, and the way to it."""
    article = translation.article
    organisation = {"@type": "Organization", "name": brand.name, "url": f"{brand.origin}/"}
    itself: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "Article",
        "headline": translation.title,
        "description": translation.summary,
        "inLanguage": html_lang(translation.language),
        "dateModified": _written(translation.updated),
        "mainEntityOfPage": address_of(translation, brand),
        "author": organisation,
        "publisher": organisation,
    }
    return [itself, _way_to(brand, article.category, translation)]


def of_shelf(category: Category, translations: Iterable[Translation], brand: Brand) -> list[dict[str, Any]]:
    """https://schema.org/FAQPage: each article's question with its answer in short, and the way to the shelf."""
    questions = [
        {
            "@type": "Question",
            "name": one.title,
            "url": address_of(one, brand),
            "acceptedAnswer": {"@type": "Answer", "text": one.summary, "inLanguage": html_lang(one.language)},
        }
        for one in translations
    ]
    way = _way_to(brand, category, None)
    page = {"@context": CONTEXT, "@type": "FAQPage", "mainEntity": questions}
    return [page, way] if questions else [way]


def _written(at: date | datetime) -> str:
    return at.isoformat(timespec="seconds") if isinstance(at, datetime) else at.isoformat()


def address_of(translation: Translation, brand: Brand) -> str:
    """The article's address for the whole world, in the language that is active."""
    return brand.origin + reverse("helpcentre:article", args=[translation.article.slug])


def _way_to(brand: Brand, category: Category, translation: Translation | None) -> dict[str, Any]:
    language = translation.language if translation else None
    steps = [
        (gettext("Help centre"), reverse("helpcentre:home")),
        (
            category.name_in(language or get_language() or ""),
            reverse("helpcentre:category", args=[category.key]),
        ),
    ]
    if translation:
        steps.append((translation.title, reverse("helpcentre:article", args=[translation.article.slug])))
    return {
        "@context": CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": brand.origin + path}
            for place, (name, path) in enumerate(steps, start=1)
        ],
    }
