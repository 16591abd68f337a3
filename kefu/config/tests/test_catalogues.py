from __future__ import annotations

import gettext
import io
import os
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po as babel_read

from kefu.config.catalogues import HOUSE, BadCatalogue, compile_all, mo_bytes, read_po

ODDITIES = r"""
# A comment.
msgid ""
msgstr ""
"Language: zh-Hans\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=n != 1;\n"

#: somewhere.py:1
msgid "Open"
msgstr "开"
msgctxt "a verb"
msgid "Open"
msgstr "打开"

#, python-format
msgid "One case"
msgid_plural "%(count)s cases"
msgstr[0] "一个工单"
msgstr[1] "%(count)s 个工单"

#, fuzzy
msgid "Perhaps"
msgstr "也许"

msgid "Not yet"
msgstr ""

msgid ""
"Two lines, a \"quote\",\n"
"a tab\tand a back\\slash"
msgstr ""
"两行，「引号」\n"
"完\\"

#~ msgid "Old"
#~ msgstr "旧"
"""


def as_read_by_gettext(mo: bytes) -> dict[object, str]:
    return dict(gettext.GNUTranslations(io.BytesIO(mo))._catalog)  # type: ignore[attr-defined]


def as_made_by_babel(text: str) -> dict[object, str]:
    made = io.BytesIO()
    write_mo(made, babel_read(io.BytesIO(text.encode()), locale="zh_Hans"))
    return as_read_by_gettext(made.getvalue())


def messages_only(catalogue: dict[object, str]) -> dict[object, str]:
    return {key: value for key, value in catalogue.items() if key}


def test_odd_entries_come_out_as_babel_makes_them() -> None:
    ours = as_read_by_gettext(mo_bytes(read_po(ODDITIES)))

    assert messages_only(ours) == messages_only(as_made_by_babel(ODDITIES))
    assert "Perhaps" not in ours
    assert "Old" not in ours
    assert ours["a verb\4Open"] == "打开"


@pytest.mark.parametrize(
    "po", sorted(HOUSE.glob("kefu/*/locale/*/LC_MESSAGES/*.po")), ids=lambda po: str(po.relative_to(HOUSE))
)
def test_every_catalogue_of_the_house_comes_out_as_babel_makes_it(po: Path) -> None:
    text = po.read_text(encoding="utf-8")

    assert messages_only(as_read_by_gettext(mo_bytes(read_po(text)))) == messages_only(as_made_by_babel(text))


def test_the_plural_rule_of_the_header_is_kept() -> None:
    made = gettext.GNUTranslations(io.BytesIO(mo_bytes(read_po(ODDITIES))))

    assert made.ngettext("One case", "%(count)s cases", 1) == "一个工单"
    assert made.ngettext("One case", "%(count)s cases", 3) == "%(count)s 个工单"


def test_only_what_is_missing_or_older_is_written(tmp_path: Path) -> None:
    po = tmp_path / "kefu" / "room" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_text(ODDITIES, encoding="utf-8")

    (tmp_path / "pyproject.toml").touch()
    assert compile_all(tmp_path) == [po.with_suffix(".mo")]
    assert compile_all(tmp_path) == []

    later = po.with_suffix(".mo").stat().st_mtime + 10
    os.utime(po, (later, later))
    assert compile_all(tmp_path) == [po.with_suffix(".mo")]
    assert set(po.parent.iterdir()) == {po.with_suffix(".mo"), po}


def test_what_was_installed_with_its_catalogues_is_left_as_it_is(tmp_path: Path) -> None:
    po = tmp_path / "kefu" / "room" / "locale" / "en" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_text('msgid "a"\nmsgstr "b"\n', encoding="utf-8")
    assert compile_all(tmp_path) == [po.with_suffix(".mo")]

    later = po.with_suffix(".mo").stat().st_mtime + 10
    os.utime(po, (later, later))

    assert compile_all(tmp_path) == []


def test_a_line_that_is_no_po_names_its_file_and_line(tmp_path: Path) -> None:
    po = tmp_path / "locale" / "en" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_text('msgid "a"\nmsgstr unquoted\n', encoding="utf-8")

    with pytest.raises(BadCatalogue, match=r"django\.po: line 2"):
        compile_all(tmp_path)
