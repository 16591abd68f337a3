from __future__ import annotations

from django.db import models
from django.utils.timezone import now

from kefu.brands.models import Brand
from kefu.safety.fields import PlainTextField


class Picture(models.Model):
    """A picture for articles, written anew from its pixels. Texts call it by its key: `![what it shows](image:key)`."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="pictures")
    key = models.SlugField(max_length=60)
    # What its bytes are stored and served under; nobody guesses it.
    name = models.CharField(max_length=40, unique=True)
    about = PlainTextField(max_length=200, blank=True)
    content_type = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=now, editable=False)
    # Those whose published text shows it.
    translations = models.ManyToManyField("helpcentre.Translation", related_name="pictures", blank=True)

    class Meta:
        ordering = ["key"]
        constraints = [models.UniqueConstraint(fields=["brand", "key"], name="one_picture_a_key")]

    def __str__(self) -> str:
        return self.key
