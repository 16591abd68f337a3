"""What is shown already becomes a first, published revision, as if it had been imported."""

from django.db import migrations


def give_first_revisions(apps, schema_editor):
    translations = apps.get_model("helpcentre", "Translation")
    revisions = apps.get_model("helpcentre", "Revision")
    for one in translations.objects.filter(newest=None).select_related("article__category"):
        one.newest = revisions.objects.create(
            translation=one,
            number=1,
            title=one.title,
            summary=one.summary,
            synonyms=one.synonyms,
            source=one.source,
            state="published",
            size="major",
            # All languages of a folder come together.
            of_source=1,
            actor_kind="system",
            made_at=one.updated_at,
            published_at=one.updated_at,
        )
        one.published = one.imported_as = 1
        one.save(update_fields=["newest", "published", "imported_as"])
    for article in apps.get_model("helpcentre", "Article").objects.select_related("category"):
        article.imported = {
            "number": article.number,
            "category": article.category.key,
            "audience": article.audience,
            "owners": article.owners,
            "owner": "",
            "review_on": article.review_on.isoformat(),
            "tool": article.tool or "",
        }
        article.save(update_fields=["imported"])


class Migration(migrations.Migration):
    dependencies = [("helpcentre", "0002_revisions")]

    operations = [migrations.RunPython(give_first_revisions, migrations.RunPython.noop)]
