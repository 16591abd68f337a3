"""Articles of the world: one that everybody reads, with a draft; one for staff alone; one that is archived; and more."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

from django.utils.timezone import now

from kefu.accounts.models import Agent
from kefu.brands.models import Brand
from kefu.helpcentre.actions import (
    add_article,
    add_old_address,
    add_picture,
    archive,
    archive_shelf,
    give_feedback,
    publish,
    save_draft,
    schedule,
    send_to_review,
    set_fact,
)
from kefu.helpcentre.frame import Frame
from kefu.helpcentre.models import Article, Audience, Category, FactRevision, Revision, Verdict
from kefu.helpcentre.text import Text
from kefu.safety.tests.files import picture

DAY = date(2030, 1, 1)


class Shelf:
    language = "en"
    first = 1

    def __init__(self, brand: Brand, admin: Agent, mark: str) -> None:
        self.brand, self.admin, self.mark = brand, admin, mark
        self.category = Category.objects.create(brand=brand, key="deposits", names={"zh-hans": "充值"})
        self.empty = Category.objects.create(brand=brand, key="empty", names={"zh-hans": mark}, place=1)
        self.unused = Category.objects.create(brand=brand, key="unused", names={"zh-hans": mark}, place=2)
        archive_shelf(shelf=self.unused, by=admin)
        set_fact(brand=brand, key="hours", value=f"9 {mark}", by=admin)
        set_fact(brand=brand, key="hours", value=f"10 {mark}", by=admin)
        self.fact_key = "hours"
        set_fact(brand=brand, key="unused", value=mark, by=admin)
        self.unused_key = "unused"
        self.fact_revision = FactRevision.objects.filter(key="hours").latest("pk")
        self.public = self._article("public", Audience.PUBLIC)
        publish(revision=self._draft(self.public, "Public", "Words."), by=admin)
        self.draft = self._draft(self.public, f"Draft {mark}", f"Other words, {mark}.")
        self.reviewed = self._article("in-review", Audience.PUBLIC)
        send_to_review(revision=self._draft(self.reviewed, f"Review {mark}", mark), by=admin)
        self.scheduled = self._article("scheduled", Audience.PUBLIC)
        later = self._draft(self.scheduled, f"Scheduled {mark}", mark)
        schedule(revision=later, at=now() + timedelta(days=1), by=admin)
        self.archived = self._article("archived", Audience.PUBLIC)
        publish(revision=self._draft(self.archived, f"Archived {mark}", mark), by=admin)
        archive(article=self.archived, by=admin)
        self.voice = give_feedback(
            translation=self.public.translations.get(language=self.language),
            revision=1,
            client_id="0" * 32,
            verdict=Verdict.NOT_HELPFUL,
            words=mark,
        )
        self.address = add_old_address(article=self.public, path=f"/old/{mark}", by=admin)
        self.picture = self._picture("shown")
        self.spare = self._picture("spare")
        self.staff = self._article("staff", Audience.STAFF)
        text = f"![{mark}](image:shown)"
        publish(revision=self._draft(self.staff, f"Staff {mark}", text), by=admin)
        self.staff_text = self.staff.translations.get(language=self.language)

    def _article(self, slug: str, audience: Audience) -> Article:
        frame = Frame(
            slug=slug, category=self.category, review_on=DAY, audience=audience, owners={"en": "us"}
        )
        return add_article(brand=self.brand, frame=frame, by=self.admin)

    def _draft(self, article: Article, title: str, source: str) -> Revision:
        translation = article.translations.get(language=self.language)
        text = Text(title=title, summary="Words.", synonyms=("a", "b", "c"), source=source)
        newest = translation.newest.number if translation.newest else 0
        return save_draft(translation=translation, text=text, by=self.admin, based_on=newest)

    def _picture(self, key: str) -> object:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.png"
            path.write_bytes(picture())
            return add_picture(brand=self.brand, path=path, key=key, about=self.mark, by=self.admin)
