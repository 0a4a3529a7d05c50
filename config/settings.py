"""Settings of Rounds. One file; what differs between machines comes from the environment.

Every variable is listed, with its meaning and default, in README.md ("Deploy").
"""

import os
from pathlib import Path
from typing import Any

from django.utils.csp import CSP
from environs import Env

from config.background import backends
from config.database import databases
from config.files import evidence_storage
from config.logs import configure_structlog, logging_config
from config.mail import mailers

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)

DEBUG: bool = env.bool("DEBUG", False)
# pytest names itself in the environment before it loads settings.
TESTING: bool = "PYTEST_VERSION" in os.environ

# Everything the site writes besides its database: the embedded server, sent mail, bench results.
VAR = Path(env.str("ROUNDS_VAR", str(BASE_DIR / "var"))).resolve()

# In production there is no default: a site without a key of its own does not start.
DEVELOPING = DEBUG or TESTING
SECRET_KEY: str = env.str("SECRET_KEY", "development-only-" + "x" * 40) if DEVELOPING else env.str("SECRET_KEY")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
SITE_URL: str = env.str("SITE_URL", f"http://localhost:{env.str('PORT', '8000')}").rstrip("/")

INSTALLED_APPS = [
    "config",
    "accounts",
    "roles",
    "mentoring",
    "badges",
    "roadmaps",
    "interviews",
    "config.apps.RoundsAdminConfig",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.github",
    "allauth.socialaccount.providers.google",
    "allauth.usersessions",
    "django_htmx",
    "django_ox",
    "pgtrigger",
]

MIDDLEWARE = [
    "config.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "config.compression.QuickGZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SessionActivityMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.TimezoneMiddleware",
    "accounts.middleware.ReadingMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.debug",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
        },
    },
]
FORM_RENDERER = "config.forms.Renderer"

# ---------------------------------------------------------------- data
DATABASES = databases(
    url=env.str("DATABASE_URL", None),
    replica_url=env.str("DATABASE_REPLICA_URL", None),
    var=VAR,
    conn_max_age=env.int("CONN_MAX_AGE", 60),
    pgbouncer=env.bool("PGBOUNCER", False),
)

# `default` is shared by all processes, so that allauth's rate limits hold. `local` is each process's own memory:
# only for what can be made again from the database at any time.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entry",
    },
    "local": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "rounds",
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
    # Answers of the search; apart, so that rare questions push no page out of memory.
    "answers": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "answers",
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
    # Which sessions were noted lately; apart, so that many people do not push pages out of memory.
    "seen": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "seen",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
}

# Off while templates are being written: what was rendered once does not see a new template.
KEEP_VISITOR_PAGES: bool = env.bool("KEEP_VISITOR_PAGES", not TESTING)

FIXTURE_DIRS = [BASE_DIR / "fixtures"]

# ---------------------------------------------------------------- people
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.EmailBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
LOGOUT_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_FORMS = {
    "login": "config.account_forms.LoginForm",
    "signup": "config.account_forms.SignupForm",
    "add_email": "config.account_forms.AddEmailForm",
    "change_email": "config.account_forms.ChangeEmailForm",
    "change_password": "config.account_forms.ChangePasswordForm",
    "set_password": "config.account_forms.SetPasswordForm",
    "reset_password": "config.account_forms.ResetPasswordForm",
    "reset_password_from_key": "config.account_forms.ResetPasswordKeyForm",
    "reauthenticate": "config.account_forms.ReauthenticateForm",
    "confirm_email_verification_code": "config.account_forms.ConfirmEmailForm",
    "confirm_password_reset_code": "config.account_forms.ConfirmResetForm",
}
MFA_FORMS = {
    "authenticate": "config.account_forms.SecondFactorForm",
    "reauthenticate": "config.account_forms.SecondFactorAgainForm",
    "activate_totp": "config.account_forms.ActivateAuthenticatorForm",
    "add_webauthn": "config.account_forms.AddPasskeyForm",
    "edit_webauthn": "config.account_forms.EditPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Rounds"
# WebAuthn wants https; browsers make an exception for localhost, and so do we while developing.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
USERSESSIONS_TRACK_ACTIVITY = True
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)


def _social_app(name: str) -> list[dict[str, str]]:
    """The OAuth app of one provider; none without keys, and the provider is then absent from every page."""
    client_id = env.str(f"{name}_CLIENT_ID", "")
    return [{"client_id": client_id, "secret": env.str(f"{name}_CLIENT_SECRET")}] if client_id else []


SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {
    "google": {
        "APPS": _social_app("GOOGLE"),
        "SCOPE": ["profile", "email"],
        "OAUTH_PKCE_ENABLED": True,
    },
    "github": {"APPS": _social_app("GITHUB"), "SCOPE": ["read:user", "user:email"]},
}
_SOCIAL_SITES = {"google": "https://accounts.google.com", "github": "https://github.com"}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True

# ---------------------------------------------------------------- mail
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Rounds <hello@rounds.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
DEV_MAIL_DIR = VAR / "mail"
# A site that sends no mail lets nobody sign up, so in production the address of a mail server is required.
MAILERS = mailers(url=env.str("EMAIL_URL", "") if DEVELOPING else env.str("EMAIL_URL"), folder=DEV_MAIL_DIR)

# ---------------------------------------------------------------- work in the background
# Whether the addresses in the catalog are asked if they are still there; by the worker, over days.
LINK_CHECK: bool = env.bool("LINK_CHECK", False)
TASKS = backends(testing=TESTING, link_check=LINK_CHECK)

# ---------------------------------------------------------------- badges
# The keys that sign credentials: docs/badges.md. While developing, one is made under VAR.
BADGE_KEYS: list[str] = env.list("BADGE_KEYS", []) if DEVELOPING else env.list("BADGE_KEYS")

# ---------------------------------------------------------------- language and time
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

# ---------------------------------------------------------------- files
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEVELOPING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
    # What learners upload; only views that know who asks read it.
    "evidence": evidence_storage(
        folder=VAR / ("test-evidence" if TESTING else "evidence"),
        bucket=env.str("EVIDENCE_BUCKET", ""),
        endpoint=env.str("EVIDENCE_ENDPOINT", ""),
        region=env.str("EVIDENCE_REGION", ""),
        access_key=env.str("EVIDENCE_ACCESS_KEY", ""),
        secret_key=env.str("EVIDENCE_SECRET_KEY", ""),
        acl=env.str("EVIDENCE_ACL", ""),
    ),
}
MEDIA_ROOT = VAR / "media"
WHITENOISE_ROOT = BASE_DIR / "public"  # what browsers ask for at the root: /favicon.ico
WHITENOISE_USE_FINDERS = DEVELOPING

# The admin's page of a role posts some 450 fields; the default of 1,000 leaves no room for a longer one.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000

# ---------------------------------------------------------------- security
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "media-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    # A form may end at a sign-in provider: browsers hold the whole chain of redirects to this list.
    "form-action": [CSP.SELF, *(site for name, site in _SOCIAL_SITES.items() if SOCIALACCOUNT_PROVIDERS[name]["APPS"])],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
_https: bool = env.bool("HTTPS", not DEVELOPING)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _https
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 31_536_000) if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if env.bool("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# ---------------------------------------------------------------- logs
LOGGING = logging_config(debug=DEBUG)
configure_structlog(debug=DEBUG)
