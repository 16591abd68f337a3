"""Staff pages. The sign-in library knows its own by these names; what is not here does not exist."""

from __future__ import annotations

from allauth.account.views import login, logout, reauthenticate
from allauth.mfa.base.views import index
from allauth.mfa.recovery_codes.views import download_recovery_codes, view_recovery_codes
from django.urls import path
from django.views.decorators.debug import sensitive_post_parameters

from kefu.accounts.staff import staff_only
from kefu.accounts.views import forgotten, invitations, links, own, passkeys, second_factor

enrol = sensitive_post_parameters("code")(second_factor.Enrol.as_view())

urlpatterns = [
    path("sign-in/", login, name="account_login"),
    path("sign-out/", logout, name="account_logout"),
    path("sign-in/code/", second_factor.Code.as_view(), name="mfa_authenticate"),
    path("sign-in/code/passkey/", passkeys.challenge_at_sign_in, name="passkey_code_begin"),
    path("sign-in/passkey/", passkeys.sign_in_alone, name="passkey_sign_in"),
    path("sign-in/passkey/begin/", passkeys.challenge_alone, name="passkey_sign_in_begin"),
    path("again/password/", reauthenticate, name="account_reauthenticate"),
    path("again/", second_factor.CodeOnceMore.as_view(), name="mfa_reauthenticate"),
    path("again/passkey/", passkeys.PasskeyOnceMore.as_view(), name="mfa_reauthenticate_webauthn"),
    path("again/passkey/begin/", passkeys.challenge_again, name="passkey_again_begin"),
    path("link/<str:token>/", links.sign_in_link, name="sign_in_link"),
    path("invitation/<int:pk>/<str:token>/", invitations.invitation, name="invitation"),
    path("second-factor/enrol/", enrol, name="mfa_activate_totp"),
    path("second-factor/", staff_only(index), name="mfa_index"),
    path("second-factor/passkeys/new/", passkeys.passkey_add, name="passkey_add"),
    path("second-factor/passkeys/new/begin/", passkeys.passkey_begin, name="passkey_begin"),
    path("second-factor/passkeys/<int:pk>/name/", passkeys.passkey_name, name="passkey_name"),
    path("second-factor/passkeys/<int:pk>/remove/", passkeys.passkey_remove, name="passkey_remove"),
    path("second-factor/move/", staff_only(second_factor.MovePhone.as_view()), name="mfa_deactivate_totp"),
    path("second-factor/codes/", staff_only(view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "second-factor/codes/new/",
        staff_only(second_factor.NewRecoveryCodes.as_view()),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "second-factor/codes/file/", staff_only(download_recovery_codes), name="mfa_download_recovery_codes"
    ),
    path("preferences/", own.preferences, name="preferences"),
    path("password/", own.password, name="password"),
    path("password/forgotten/", forgotten.password_forgotten, name="password_forgotten"),
    path("password/forgotten/sent/", forgotten.password_letter_sent, name="password_letter_sent"),
    path("password/new/<int:pk>/<str:token>/", forgotten.new_password, name="new_password"),
    path("sessions/", own.sessions, name="usersessions_list"),
    path("sessions/others/end/", own.sessions_end_others, name="sessions_end_others"),
    path("sessions/<int:pk>/end/", own.session_end, name="session_end"),
]
