"""Django's mail, as the sign-in library sends it: every message becomes a letter to an agent."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.timezone import now
from django.utils.translation import get_language

from kefu.accounts.models import Agent
from kefu.brands.models import Brand
from kefu.mailroom.actions import post_letter
from kefu.mailroom.kinds.staff_mail import keep
from kefu.mailroom.models import LetterKind


class Letters(BaseEmailBackend):
    """Takes mail to agents only; the number that became letters. Without a brand there is nobody to send as."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return sum(_post(message, address) for message in email_messages for address in message.to)


def _post(message: EmailMessage, address: str) -> bool:
    agent = Agent.objects.filter(email=address.lower(), is_active=True).first()
    brand = Brand.objects.first()
    if agent is None or brand is None:
        return False
    subject, text = str(message.subject), str(message.body)
    seen = hashlib.sha256(f"{agent.pk} {subject} {text} {now().timestamp()}".encode()).hexdigest()
    post_letter(
        brand=brand,
        kind=LetterKind.STAFF_MAIL,
        key=seen[:40],
        language=get_language() or agent.language,
        recipient=agent.email,
        words=keep(subject=subject, text=text),
    )
    return True
