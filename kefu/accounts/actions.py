"""What people do with accounts: come, sign in, are added, leave. One function for each verb."""

from kefu.accounts.people.agents import AddressTaken, HasLeft
from kefu.accounts.verbs.agent_tokens import (
    MOST_DAYS,
    USUAL_DAYS,
    BadToken,
    BeyondTheirReach,
    NothingToPublish,
    add_agent_token,
    revoke_agent_token,
)
from kefu.accounts.verbs.agents import (
    LastAdmin,
    add_agent,
    choose_availability,
    choose_password,
    choose_preferences,
    close_agent,
)
from kefu.accounts.verbs.codes import CodeProblem, ask_for_code, mint_code, prove_by_code
from kefu.accounts.verbs.handing_over import offer_session, offered, take_session_over
from kefu.accounts.verbs.invitations import (
    AlreadyInvited,
    InvitationRefused,
    LettersLeave,
    TeamOfOtherBrand,
    accept_invitation,
    invite,
    mint_invitation,
    send_invitation_again,
    show_invitation_link,
    withdraw_invitation,
)
from kefu.accounts.verbs.passkeys import (
    LastFactor,
    TooManyPasskeys,
    add_passkey,
    remove_passkey,
    rename_passkey,
)
from kefu.accounts.verbs.password_resets import (
    ResetRefused,
    ask_for_password_reset,
    mint_password_reset,
    reset_password,
)
from kefu.accounts.verbs.phrases import NoPhrase, NotProven, choose_phrase
from kefu.accounts.verbs.privacy import erase_customer, export_customer
from kefu.accounts.verbs.second_factors import (
    note_recovery_codes,
    note_second_factor,
    remove_second_factor,
    reset_second_factor,
)
from kefu.accounts.verbs.sign_in_links import LinkRefused, make_sign_in_link, use_sign_in_link
from kefu.accounts.verbs.sign_ins import (
    end_agent_session,
    end_agent_sessions,
    note_failed_sign_in,
    note_sign_in,
)
from kefu.accounts.verbs.visitors import (
    Gone,
    Met,
    claim_email,
    end_link_sessions,
    end_session,
    end_sessions,
    leave,
    meet_visitor,
    open_session,
)
from kefu.accounts.verbs.vouching import Vouched, vouch
from kefu.exchange.refusals import NotVouched

__all__ = [
    "MOST_DAYS",
    "USUAL_DAYS",
    "AddressTaken",
    "AlreadyInvited",
    "BadToken",
    "BeyondTheirReach",
    "CodeProblem",
    "Gone",
    "HasLeft",
    "InvitationRefused",
    "LastAdmin",
    "LastFactor",
    "LettersLeave",
    "LinkRefused",
    "Met",
    "NoPhrase",
    "NotProven",
    "NotVouched",
    "NothingToPublish",
    "ResetRefused",
    "TeamOfOtherBrand",
    "TooManyPasskeys",
    "Vouched",
    "accept_invitation",
    "add_agent",
    "add_agent_token",
    "add_passkey",
    "ask_for_code",
    "ask_for_password_reset",
    "choose_availability",
    "choose_password",
    "choose_phrase",
    "choose_preferences",
    "claim_email",
    "close_agent",
    "end_agent_session",
    "end_agent_sessions",
    "end_link_sessions",
    "end_session",
    "end_sessions",
    "erase_customer",
    "export_customer",
    "invite",
    "leave",
    "make_sign_in_link",
    "meet_visitor",
    "mint_code",
    "mint_invitation",
    "mint_password_reset",
    "note_failed_sign_in",
    "note_recovery_codes",
    "note_second_factor",
    "note_sign_in",
    "offer_session",
    "offered",
    "open_session",
    "prove_by_code",
    "remove_passkey",
    "remove_second_factor",
    "rename_passkey",
    "reset_password",
    "reset_second_factor",
    "revoke_agent_token",
    "send_invitation_again",
    "show_invitation_link",
    "take_session_over",
    "use_sign_in_link",
    "vouch",
    "withdraw_invitation",
]
