from __future__ import annotations

import re

import pytest
from django.template import Context, Template

from kefu.config.catalogues import HOUSE
from kefu.ui.icons import UnknownIcon, names


def drawn(source: str) -> str:
    return Template(source).render(Context())


def test_an_icon_is_a_symbol_of_the_sprite_that_screen_readers_pass_over() -> None:
    assert drawn('{% icon "chat" "small" %}') == (
        '<svg class="icon small" aria-hidden="true"><use href="/static/ui/icons.svg#chat"/></svg>'
    )


@pytest.mark.parametrize("source", ['{% icon "no-such" %}', '{% icon "chat" "enormous" %}', '{% icon "" %}'])
def test_an_icon_that_does_not_exist_is_refused(source: str) -> None:
    with pytest.raises(UnknownIcon):
        drawn(source)


def test_every_icon_that_a_template_names_exists() -> None:
    asked = {
        (path.name, name)
        for path in HOUSE.glob("kefu/*/templates/**/*.html")
        for name in re.findall(r'{% icon "([^"]+)"', path.read_text(encoding="utf-8"))
    }

    assert {one for one in asked if one[1] not in names()} == set()
    assert asked
