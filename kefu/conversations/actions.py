"""What people do in a conversation. Each verb asks the policy, locks, changes and records."""

from kefu.conversations.verbs.coming_in import FirstWords, Met, meet_and_open
from kefu.conversations.verbs.cursors import Cursor, move_cursor
from kefu.conversations.verbs.drafts import discard_draft, save_draft
from kefu.conversations.verbs.links import (
    BadLink,
    follow_private_link,
    make_private_link,
    mint_private_link,
    revoke_private_links,
)
from kefu.conversations.verbs.opening import NotOpened, Opening, open_conversation
from kefu.conversations.verbs.rating import LONGEST_WORDS, NotResolved, WordsTooLong, rate
from kefu.conversations.verbs.say import BadFiles, Conflict, Denied, Refusal, Said, Say, Stale, Unknown
from kefu.conversations.verbs.saying import say
from kefu.conversations.verbs.state import assign, reopen, resolve
from kefu.conversations.verbs.transcripts import NoAddress, ask_for_transcript
from kefu.conversations.verbs.uploading import (
    Announced,
    ConversationFull,
    FileGone,
    OtherFile,
    WrongPlace,
    begin_upload,
    receive_piece,
    send_whole,
    where_to_go_on,
)

__all__ = [
    "LONGEST_WORDS",
    "Announced",
    "BadFiles",
    "BadLink",
    "Conflict",
    "ConversationFull",
    "Cursor",
    "Denied",
    "FileGone",
    "FirstWords",
    "Met",
    "NoAddress",
    "NotOpened",
    "NotResolved",
    "Opening",
    "OtherFile",
    "Refusal",
    "Said",
    "Say",
    "Stale",
    "Unknown",
    "WordsTooLong",
    "WrongPlace",
    "ask_for_transcript",
    "assign",
    "begin_upload",
    "discard_draft",
    "follow_private_link",
    "make_private_link",
    "meet_and_open",
    "mint_private_link",
    "move_cursor",
    "open_conversation",
    "rate",
    "receive_piece",
    "reopen",
    "resolve",
    "revoke_private_links",
    "save_draft",
    "say",
    "send_whole",
    "where_to_go_on",
]
