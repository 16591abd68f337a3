"""Pictures: what there is to show, with the words that put it into a text; one more; one less."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from kefu.brands.models import Brand
from kefu.helpcentre.actions import BadKey, KeyTaken, PictureShown, add_picture, remove_picture
from kefu.helpcentre.editing.doors import brands_to_edit, chosen_brand, editor_of, editors_page
from kefu.helpcentre.models import Picture
from kefu.safety.files.kinds import BadFile
from kefu.safety.files.kinds import Problem as FileProblem
from kefu.safety.files.scanning import ScannerDown

SHOWN = 24
LONGEST_ABOUT = 200
WHY: dict[FileProblem, Promise] = {
    FileProblem.EMPTY: _("The file is empty."),
    FileProblem.TOO_LARGE: _("The file is too large."),
    FileProblem.KIND: _("That is no picture. JPEG, PNG, WebP and GIF can be shown."),
    FileProblem.BROKEN: _("The picture can't be read to its end. Save it anew and try again."),
    FileProblem.TOO_MANY_PIXELS: _("The picture has too many pixels. Make it smaller first."),
    FileProblem.HARMFUL: _("The virus scanner refuses this file."),
    FileProblem.TOO_LARGE_TO_SCAN: _("The file is too large for the virus scanner."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@editors_page
def pictures(request: HttpRequest) -> HttpResponse:
    brand = chosen_brand(request)
    if request.method != "POST":
        return _page(request, brand, {}, {})
    typed = {
        "key": request.POST.get("key", "").strip().lower()[:80],
        "about": " ".join(request.POST.get("about", "").split())[:LONGEST_ABOUT],
    }
    problems = _add(request, brand, typed)
    if problems:
        return _page(request, brand, typed, problems, status=422)
    said = gettext("The picture is here. Copy its words into a text.")
    messages.success(request, said, extra_tags="ok")
    return redirect(f"{reverse('articles:pictures')}?brand={brand.pk}")


def _add(request: HttpRequest, brand: Brand, typed: dict[str, str]) -> dict[str, str]:
    """What is wrong, by field."""
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        return {"file": pgettext("article", "Choose a picture.")}
    with tempfile.TemporaryDirectory(prefix="kefu-picture-") as folder:
        path = Path(folder) / "picture"
        with path.open("wb") as file:
            for piece in sent.chunks():
                file.write(piece)
        try:
            add_picture(brand=brand, path=path, key=typed["key"], about=typed["about"], by=editor_of(request))
        except BadKey:
            return {"key": gettext("Small letters, digits and hyphens, such as deposit-page.")}
        except KeyTaken:
            return {"key": gettext("There is a picture of this name. Take another name.")}
        except BadFile as bad:
            return {"file": str(WHY.get(bad.problem, WHY[FileProblem.KIND]))}
        except ScannerDown:
            return {"file": gettext("The virus scanner does not answer. Try again in a minute.")}
    return {}


@require_POST
@editors_page
def removed(request: HttpRequest, pk: int) -> HttpResponse:
    brands = brands_to_edit(editor_of(request))
    picture = get_object_or_404(Picture, brand__in=brands, pk=pk)
    try:
        remove_picture(picture=picture, by=editor_of(request))
    except PictureShown:
        messages.error(
            request, gettext("A published text shows it. Take it out of there first."), extra_tags="bad"
        )
    else:
        messages.success(request, gettext("The picture is gone."), extra_tags="ok")
    return redirect(f"{reverse('articles:pictures')}?brand={picture.brand_id}")


def _page(
    request: HttpRequest, brand: Brand, typed: dict[str, str], problems: dict[str, str], status: int = 200
) -> HttpResponse:
    after = request.GET.get("after", "")[:80]
    found = Picture.objects.filter(brand=brand, key__gt=after).annotate(used=Count("translations"))
    rows = list(found.order_by("key")[: SHOWN + 1])
    values = {
        "brand": brand,
        "brands": brands_to_edit(editor_of(request)),
        "typed": typed,
        "problems": problems,
        "rows": rows[:SHOWN],
        "after": rows[SHOWN - 1].key if len(rows) > SHOWN else "",
    }
    return render(request, "helpcentre/editing/pictures.html", values, status=status)
