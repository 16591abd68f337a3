from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from kefu.accounts.models import Agent
from kefu.accounts.tests.factories import make_agent, make_team, sign_in
from kefu.brands.models import Brand
from kefu.helpcentre.actions import BadKey, KeyTaken, PictureShown, add_picture, publish, remove_picture
from kefu.helpcentre.markdown import BadMarkdown
from kefu.helpcentre.models import Audience, Picture
from kefu.helpcentre.tests.factories import make_editor, make_published, make_text, of, write
from kefu.safety.files.kinds import BadFile
from kefu.safety.tests.files import picture


@pytest.fixture
def editor(brand: Brand) -> Agent:
    return make_editor(brand)


@pytest.fixture
def shown(brand: Brand, editor: Agent, tmp_path: Path) -> Picture:
    path = tmp_path / "a.png"
    path.write_bytes(picture())
    return add_picture(brand=brand, path=path, key="deposit-page", by=editor)


TEXT = make_text("With a picture", "Look:\n\n![The *deposit* page](image:deposit-page)")


def test_a_picture_is_shown_with_its_words_and_its_size(brand: Brand, editor: Agent, shown: Picture) -> None:
    article = make_published(brand, "deposit", by=editor, text=TEXT)

    html = of(article).html

    assert f'src="/pictures/{shown.name}"' in html
    assert 'alt="The deposit page"' in html
    assert f'width="{shown.width}"' in html
    assert f'height="{shown.height}"' in html
    assert 'loading="lazy"' in html
    answer = Client().get(f"/pictures/{shown.name}")
    assert answer.status_code == 200
    assert len(b"".join(answer.streaming_content)) == shown.size
    assert answer["Content-Type"] == shown.content_type
    assert answer["Cache-Control"] == "public, max-age=86400"


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("![x](https://tracker.example/pixel.png)", "upload it here"),
        ("![x](//tracker.example/pixel.png)", "upload it here"),
        ("![x](image:nowhere)", "no picture “nowhere”"),
        ("![](image:deposit-page)", "needs words"),
        ("One.\n\n![ ](image:deposit-page)", "^Line 3: .*needs words"),
    ],
)
def test_a_picture_comes_from_here_and_is_described(
    source: str, says: str, brand: Brand, editor: Agent, shown: Picture
) -> None:
    article = make_published(brand, "deposit", by=editor)

    with pytest.raises(BadMarkdown, match=says):
        write(article, make_text(source=source), by=editor)


def test_nobody_but_staff_sees_a_picture_that_no_public_text_shows(
    brand: Brand, editor: Agent, shown: Picture
) -> None:
    make_published(brand, "inside", by=editor, text=TEXT, audience=Audience.STAFF)
    colleague = Client()
    sign_in(colleague, make_agent(teams=[make_team(brand)]))

    assert Client().get(f"/pictures/{shown.name}").status_code == 404
    answer = colleague.get(f"/pictures/{shown.name}")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, max-age=86400")
    assert len(b"".join(answer.streaming_content)) == shown.size


def test_a_picture_in_use_stays(brand: Brand, editor: Agent, shown: Picture) -> None:
    article = make_published(brand, "deposit", by=editor, text=TEXT)
    with pytest.raises(PictureShown):
        remove_picture(picture=shown, by=editor)

    publish(revision=write(article, make_text(), by=editor), by=editor)
    remove_picture(picture=shown, by=editor)

    assert not Picture.objects.exists()


def test_what_is_no_picture_is_refused(brand: Brand, editor: Agent, shown: Picture, tmp_path: Path) -> None:
    path = tmp_path / "b.png"
    path.write_bytes(b"<svg onload=alert(1)>")
    with pytest.raises(BadFile):
        add_picture(brand=brand, path=path, key="svg", by=editor)

    path.write_bytes(picture())
    with pytest.raises(BadKey):
        add_picture(brand=brand, path=path, key="Bad Key", by=editor)
    with pytest.raises(KeyTaken):
        add_picture(brand=brand, path=path, key="deposit-page", by=editor)
