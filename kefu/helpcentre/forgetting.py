"""What becomes of readers' words; the table in safety says when."""

from __future__ import annotations

from datetime import datetime

from kefu.helpcentre.models import Feedback
from kefu.safety.retention import remove_in_chunks


def forget_feedback(before: datetime) -> int:
    """What readers said before this moment, done with or not. Nobody's report reaches back so far."""
    return remove_in_chunks(Feedback.objects.filter(given_at__lt=before))
