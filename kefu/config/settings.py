"""Django's settings, worked out from the operator's few."""

from __future__ import annotations

import os
from pathlib import Path

from kefu.config import env
from kefu.config.origin import Origin
from kefu.config.secret_key import secret_key
from kefu.safety.files.kinds import FileKind

VALUES = env.read()
BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR: Path = VALUES["KEFU_DATA"] or BASE_DIR / "data"

DEBUG = VALUES["KEFU_DEBUG"]
SECRET_KEY = secret_key(DATA_DIR)
KEY_RING = DATA_DIR / "keys" / "ring.json"
ORIGIN = Origin.of(VALUES)
TRUSTED_PROXIES = VALUES["KEFU_TRUSTED_PROXIES"]
LEDGER = VALUES["KEFU_LEDGER"]
ONLY_SOCKETS = VALUES["KEFU_ONLY"] == "sockets"
ALLOWED_HOSTS = ORIGIN.answers_to
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in VALUES["KEFU_HOSTS"]]
# Where letters and the console send people.
PUBLIC_ORIGIN = ORIGIN.public(VALUES["KEFU_PORT"])
ALONE_HERE = ORIGIN.is_local
DEMO = (VALUES["KEFU_DEMO"] or ALONE_HERE) and not VALUES["KEFU_EMPTY"]

ROOMS = [
    "kefu.demo",
    "kefu.desk",
    "kefu.helpcentre",
    "kefu.contact",
    "kefu.livechat",
    "kefu.mailroom",
    "kefu.cases",
    "kefu.waiting",
    "kefu.conversations",
    "kefu.accounts",
    "kefu.exchange",
    "kefu.search",
    "kefu.safety",
    "kefu.realtime",
    "kefu.brands",
    "kefu.journal",
    "kefu.background",
    "kefu.ui",
]
INSTALLED_APPS = [
    "kefu.config",
    *ROOMS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks_db",
]
MIDDLEWARE = [
    "kefu.ui.middleware.security_headers",
    "kefu.accounts.bearer.bearer",
    "kefu.brands.middleware.brand_of_host",
    "kefu.ui.middleware.language_of_path",
    "kefu.ui.zero_characters.known_characters",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kefu.ui.middleware.zone_of_visitor",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "kefu.ui.zero_characters.KnownCharactersInForms",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kefu.accounts.interrupted.ProvenAgain",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "kefu.accounts.middleware.people",
]
ROOT_URLCONF = "kefu.config.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kefu.ui.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "kefu.ui.templatetags.kefu",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": env.database(os.environ.get("DATABASE_URL"), DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = os.environ.get("REDIS_URL", "")
RINGS = VALUES["KEFU_RINGS"]
METRICS_TOKEN = VALUES["KEFU_METRICS_TOKEN"]
CACHES = {"default": env.cache(REDIS_URL)}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

AUTH_USER_MODEL = "accounts.Agent"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["kefu.accounts.hashers.Argon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "kefu.accounts.adapter.StaffOnly"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/15m/key", "reauthenticate": "10/m/user"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_TOLERANCE = 1
MFA_ADAPTER = "kefu.accounts.adapter.SecondFactor"
USERSESSIONS_TRACK_ACTIVITY = False

SESSION_COOKIE_NAME = "kefu_staff"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "kefu_csrf"
CSRF_FAILURE_VIEW = "kefu.ui.views.csrf_failed"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_COOKIES = ORIGIN.has_tls
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # What people sent and what of it was kept, under random names.
    "files": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": DATA_DIR / "files",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
            "allow_overwrite": True,
        },
    },
    "staticfiles": {"BACKEND": "kefu.config.storage.Storage"},
}
SERVESTATIC_USE_FINDERS = DEBUG
# A page that a developer changes is seen at once.
PAGE_CACHE = 0 if DEBUG else VALUES["KEFU_PAGE_CACHE_MB"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
INCOMING_FILES = DATA_DIR / "incoming"
LARGEST_FILE = {
    FileKind.PICTURE: VALUES["KEFU_PICTURE_MB"],
    FileKind.PDF: VALUES["KEFU_PDF_MB"],
    FileKind.TEXT: VALUES["KEFU_TEXT_MB"],
    FileKind.VIDEO: VALUES["KEFU_VIDEO_MB"],
}
FILES_OF_A_CONVERSATION = VALUES["KEFU_FILES_MB"]
SCANNER = VALUES["KEFU_CLAMAV"]
MAIL_SERVER = VALUES["KEFU_SMTP"]
EMAIL_BACKEND = "kefu.mailroom.backend.Letters"
LOGGING_CONFIG = "kefu.config.logs.configure"
LOGGING = {"level": VALUES["KEFU_LOG"]}
