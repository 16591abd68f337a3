"""What went wrong, for the chat window: a code for the script and a sentence for the person."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from django.http import JsonResponse
from django.utils.translation import gettext, ngettext


def problem(code: str, *, status: int = 400) -> JsonResponse:
    return JsonResponse({"code": code, "message": sentence(code)}, status=status)


def too_many(retry_after: timedelta) -> JsonResponse:
    """429, with when it works again in words and in Retry-After."""
    seconds = max(1, ceil(retry_after.total_seconds()))
    answer = {"code": "too_many", "message": wait_sentence(retry_after)}
    return JsonResponse(answer, status=429, headers={"Retry-After": str(seconds)})


def wait_sentence(retry_after: timedelta) -> str:
    minutes = ceil(max(1, ceil(retry_after.total_seconds())) / 60)
    words = ngettext(
        "That was too often. Please try again in a minute; what you wrote is kept.",
        "That was too often. Please try again in %(count)d minutes; what you wrote is kept.",
        minutes,
    )
    return words % {"count": minutes}


def not_vouched(reason: str, *, can_wait: bool) -> JsonResponse:
    """401 with the reason, for the platform's developers; 503 if it may be different in a moment."""
    if can_wait:
        words = gettext("We can't check who you are just now. Please try again in a moment.")
        return JsonResponse({"code": reason, "message": words}, status=503, headers={"Retry-After": "30"})
    words = gettext(
        "We could not check who you are. Go back to where you are signed in and open the chat again."
    )
    return JsonResponse({"code": reason, "message": words}, status=401)


def sentence(code: str) -> str:
    return {
        "malformed": gettext("We could not read that. Load this page again and send it once more."),
        "empty": gettext("Write your question first."),
        "too_long": gettext("That is longer than 8,000 characters. Shorten it, or send it in two parts."),
        "topic": gettext("Choose what it is about."),
        "email": gettext("That is not a complete e-mail address. Correct it, or leave it empty."),
        "conflict": gettext(
            "This was sent before with other words. Load this page again and send it once more."
        ),
        "refused": gettext("This did not come from our page. Load the page again and send it once more."),
        "said_otherwise": gettext(
            "You sent this before with other words. Send it once more if you mean these too."
        ),
        "verdict": gettext("Choose one of the two."),
        "words_too_long": gettext("That is longer than 1,000 characters. Shorten it."),
        "not_resolved": gettext("This conversation is open again, so there is nothing to rate yet."),
        "signed_out": gettext("This conversation is no longer open on this device."),
        "not_found": gettext("This conversation is not open to you. Open the chat again."),
    }[code]
