"""What the journal tells, in words: one phrase for each kind of entry, after the name of whoever did it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, Promise]

CONVERSATIONS: Words = {
    "conversation.opened": _("Opened a conversation"),
    "conversation.message": _("Wrote a message or a note"),
    "conversation.assigned": _("Assigned the conversation"),
    "conversation.resolved": _("Resolved the conversation"),
    "conversation.reopened": _("Opened the conversation again"),
    "conversation.looked": _("Looked at the conversation"),
    "conversation.rated": _("Rated the conversation"),
    "conversation.rating_explained": _("Explained the rating"),
    "conversation.link_made": _("Made a private link"),
    "conversation.link_used": _("Came by a private link"),
    "conversation.transcript_asked_for": _("Asked for a transcript"),
    "conversation.file_uploaded": _("Uploaded a file"),
    "conversation.file_checked": _("Checked a file"),
    "conversation.erased": _("Erased the conversation"),
    "conversation.cursor": _("Received or read messages"),
    "case.filed": _("Filed a case with its details"),
}
MEMBERS: Words = {
    "agent.signed_in": _("Signed in to the workspace"),
    "agent.sign_in_failed": _("A sign-in failed"),
    "agent.sign_in_link_made": _("Made a sign-in link"),
    "agent.sign_in_link_used": _("Used a sign-in link"),
    "agent.sessions_ended": _("Ended sessions"),
    "agent.password_chosen": _("Chose a password"),
    "agent.password_reset_asked_for": _("Asked for a new password"),
    "agent.password_replaced": _("Replaced a forgotten password"),
    "agent.second_factor_added": _("Set up a second factor"),
    "agent.second_factor_removed": _("Took away a second factor"),
    "agent.recovery_codes_made": _("Made recovery codes"),
    "agent.passkey_added": _("Added a passkey"),
    "agent.passkey_renamed": _("Renamed a passkey"),
    "agent.passkey_removed": _("Removed a passkey"),
    "agent.invited": _("Invited somebody"),
    "agent.invitation_sent_again": _("Sent an invitation again"),
    "agent.invitation_withdrawn": _("Took back an invitation"),
    "agent.invitation_link_shown": _("Looked at the link of an invitation"),
    "agent.joined": _("Accepted an invitation"),
    "agent.added": _("Added a member"),
    "agent.changed": _("Changed role or teams"),
    "agent.left": _("Closed an account"),
    "agent.token_added": _("Made a token for a program"),
    "agent.token_revoked": _("Revoked a token of a program"),
    "agent.availability_chosen": _("Chose a state"),
    "agent.preferences_chosen": _("Chose a language and a time zone"),
}
CUSTOMERS: Words = {
    "customer.met": _("Came for the first time"),
    "customer.session_opened": _("Opened a session"),
    "customer.session_handed_over": _("Went on in another window"),
    "customer.sessions_ended": _("Ended customers' sessions"),
    "customer.identity_claimed": _("Typed an address"),
    "customer.code_asked_for": _("Asked for a one-time code"),
    "customer.address_proven": _("Proved an address"),
    "customer.vouched": _("Was vouched for by the platform"),
    "customer.merged": _("Turned out to be a known customer"),
    "customer.exported": _("Handed out a customer's data"),
    "customer.erased": _("Erased a customer's data"),
    "customer.phrase_chosen": _("Chose a phrase for letters"),
}
SETTINGS: Words = {
    "waiting.week_set": _("Changed the usual week"),
    "waiting.override_added": _("Changed a date that differs"),
    "waiting.override_removed": _("Took away a date that differs"),
    "waiting.greetings_set": _("Changed the greetings"),
    "official_way.added": _("Added an official way"),
    "official_way.changed": _("Changed an official way"),
    "official_way.removed": _("Took out an official way"),
    "topic.added": _("Added a topic"),
    "topic.changed": _("Changed a topic"),
    "team.added": _("Added a team"),
    "team.changed": _("Changed a team"),
    "brand.added": _("Added a brand"),
    "brand.changed": _("Changed a brand"),
    "brand.origins_changed": _("Changed whose pages may show the chat"),
    "platform.changed": _("Changed the platform's keys"),
    "platform.removed": _("Removed the platform's keys"),
}
LETTERS: Words = {
    "letter.sent": _("Sent a letter"),
    "letter.left_open": _("A letter may not have arrived"),
    "letter.refused": _("A letter was refused"),
}
ARTICLES: Words = {
    "article.published": _("Published an article"),
    "article.archived": _("Archived an article"),
    "article.brought_back": _("Brought back an article"),
    "article.saved": _("Saved a draft of an article"),
    "article.sent_to_review": _("Sent an article to review"),
    "article.sent_back": _("Made an article a draft again"),
    "article.scheduled": _("Scheduled an article"),
    "article.schedule_failed": _("A scheduled article could not be published"),
    "article.added": _("Added an article"),
    "article.changed": _("Changed the frame of an article"),
    "article.named_outside": _("Gave an article the name it has in another program"),
    "article.reviewed": _("Said that an article is still right"),
    "article.owner_reminded": _("Reminded somebody of an article"),
    "shelf.added": _("Added a shelf"),
    "shelf.changed": _("Changed a shelf"),
    "shelf.archived": _("Archived a shelf"),
    "shelf.brought_back": _("Brought back a shelf"),
    "fact.changed": _("Changed a fact"),
    "old_address.added": _("Added an old address of an article"),
    "old_address.removed": _("Took away an old address of an article"),
    "picture.added": _("Added a picture for articles"),
    "picture.removed": _("Took away a picture for articles"),
}
GROUPS: dict[str, tuple[Promise, Words]] = {
    "conversations": (_("Conversations"), CONVERSATIONS),
    "members": (_("Members and sign-ins"), MEMBERS),
    "customers": (_("Customers"), CUSTOMERS),
    "settings": (_("Settings"), SETTINGS),
    "letters": (_("Letters"), LETTERS),
    "articles": (_("Help centre"), ARTICLES),
}
WORDS: Words = {kind: words for _name, group in GROUPS.values() for kind, words in group.items()}
# Of every message several; only who asks for them sees them.
LEFT_OUT = ("conversation.cursor",)


def in_words(kind: str) -> str:
    """The phrase, or the kind itself for one that is not in words yet."""
    return str(WORDS.get(kind, kind))


def kinds_called(choice: str) -> list[str] | None:
    """The kinds that a choice of the filter means: a group's or one; None for anything else."""
    if choice in GROUPS:
        return [kind for kind in GROUPS[choice][1] if kind not in LEFT_OUT]
    return [choice] if choice in WORDS else None
