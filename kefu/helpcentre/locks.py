"""Who waits for whom: the brand first, then its article, then translations by ascending id, then their revisions.

Whatever readers see of a brand is drawn under the brand's lock, so nobody draws with a fact or an address that is changed
at that moment.
"""

from __future__ import annotations

from kefu.brands.models import Brand
from kefu.helpcentre.models import Revision, Translation


def lock_brand(brand_id: int) -> Brand:
    """The row as it is now; whoever publishes for this brand, or sets a fact or a frame of it, waits."""
    return Brand.objects.select_for_update(no_key=True).get(pk=brand_id)


def locked(translation: Translation) -> Translation:
    """The row as it is now, nobody else's for the rest of the transaction."""
    rows = Translation.objects.locked().select_related("article__brand", "newest")
    return rows.get(pk=translation.pk)


def locked_revision(revision: Revision) -> Revision:
    """As it is now; its translation is locked first, as everywhere."""
    translation = locked(revision.translation)
    found = Revision.objects.get(pk=revision.pk)
    found.translation = translation
    return found
