"""Settings: read from the environment once, loudly. Business numbers are never here, they are policy."""

import os
import secrets
from pathlib import Path

from hangbiao.site import database, messengers, sign_on
from hangbiao.site.home import home

BASE = Path(__file__).parents[1]


def flag(name: str, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() not in {"0", "1", "true", "false", "yes", "no"}:
        raise ValueError(f"{name} must be 0 or 1, not {value!r}")
    return value.lower() in {"1", "true", "yes"}


def secret(name: str) -> str:
    """A secret from NAME, from the file NAME_FILE, or made once and kept in the state folder."""
    if os.environ.get(name):
        return os.environ[name]
    if os.environ.get(f"{name}_FILE"):
        return Path(os.environ[f"{name}_FILE"]).read_text().strip()
    kept = home() / f"{name.lower()}"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(48))
    return kept.read_text().strip()


def given(name: str) -> str:
    """A secret from NAME or from the file NAME_FILE; empty when neither is there."""
    path = os.environ.get(f"{name}_FILE")
    return os.environ.get(name) or (Path(path).read_text().strip() if path else "")


def mail_security(wish: str) -> tuple[bool, bool]:
    """(STARTTLS, TLS from the first byte)."""
    if wish not in {"starttls", "tls", "none"}:
        raise ValueError(f"HANGBIAO_MAIL_SECURITY must be starttls, tls or none, not {wish!r}")
    return wish == "starttls", wish == "tls"


DEBUG = flag("HANGBIAO_DEBUG", False)
DEMO = flag("HANGBIAO_DEMO", False)
SECRET_KEY = secret("HANGBIAO_SECRET_KEY")
ALLOWED_HOSTS = os.environ.get("HANGBIAO_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("HANGBIAO_ORIGINS", "").split(",") if o]

LANDING = home() / os.environ.get("HANGBIAO_LANDING", "landed")
EVIDENCE = home() / os.environ.get("HANGBIAO_EVIDENCE", "evidence")  # what people send; no web server serves it

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "hangbiao.engines.accounts.auth_app.BareAuth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "hangbiao.engines.journal",
    "hangbiao.engines.accounts",
    "hangbiao.engines.scope",
    "hangbiao.engines.outbox",
    "hangbiao.engines.schedules",
    "hangbiao.engines.api",
    "hangbiao.engines.webhooks",
    "hangbiao.engines.policy",
    "hangbiao.engines.notify",
    "hangbiao.engines.files",
    "hangbiao.engines.flows",
    "hangbiao.engines.workdays",
    "hangbiao.engines.pages",
    "hangbiao.engines.papers",
    "hangbiao.rooms.people",
    "hangbiao.rooms.calendar",
    "hangbiao.rooms.targets",
    "hangbiao.rooms.actuals",
    "hangbiao.rooms.lights",
    "hangbiao.rooms.reviews",
    "hangbiao.rooms.board",
    "hangbiao.rooms.desk",
    "hangbiao.rooms.studio",
    "hangbiao.rooms.audit",
    "hangbiao.site",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "hangbiao.engines.pages.middleware.nul_is_no_letter",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "hangbiao.engines.accounts.middleware.signed_in",
    "allauth.account.middleware.AccountMiddleware",
    "hangbiao.engines.api.middleware.key_instead_of_session",
    "hangbiao.engines.pages.middleware.language_of_the_reader",
    "hangbiao.engines.api.middleware.refusals_as_problems",
    "hangbiao.engines.pages.middleware.content_security_policy",
    "hangbiao.site.middleware.scope_of_the_viewer",
    "hangbiao.site.middleware.what_was_looked_at",
    "django_htmx.middleware.HtmxMiddleware",
    "hangbiao.engines.papers.middleware.tables_as_files",
    "hangbiao.engines.pages.middleware.whose_page",
    "hangbiao.engines.pages.middleware.forms_by_script",
    "hangbiao.engines.pages.faults.Refusals",
    "hangbiao.engines.pages.once.Once",  # last: it calls the view
]
ROOT_URLCONF = "hangbiao.site.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "hangbiao.engines.pages.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "hangbiao.engines.pages.templatetags.hb",
                "hangbiao.engines.pages.templatetags.parts",
            ],
        },
    }
]

_address = os.environ.get("DATABASE_URL", "")
_common = {
    "ENGINE": "hangbiao.engines.scope.postgresql",
    **(database.parts(_address) if _address else {"NAME": ""}),
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
}
_asked = database.extras(_address) if _address else {}
_tuning = "-c jit=off -c random_page_cost=1.1"
DATABASES = {
    "default": _common
    | {"OPTIONS": _asked | {"options": f"-c role={database.APP_ROLE} {_tuning} -c statement_timeout=300000"}},
    "owner": _common
    | {"OPTIONS": _asked | {"options": f"{_tuning} -c statement_timeout=0"}, "TEST": {"MIRROR": "default"}},
}
SCOPE_TRIPWIRE = flag("HANGBIAO_TRIPWIRE", True)  # row-level security stands behind it in any case
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Account"
LOGIN_URL = "/sign-in/"
CLOCK = "hangbiao.site.clock.now"  # request.at of every page
WALL_CLOCK = "hangbiao.site.clock.wall"  # rates, signatures, waits, sessions, codes: what the outside world measures
MFA_ADAPTER = "hangbiao.engines.accounts.framework.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
ACCOUNT_USER_MODEL_EMAIL_FIELD = None  # allauth keeps no addresses here
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # allauth's own pages are not reachable
SIGN_IN_RULES = "hangbiao.site.signing_in.rules_for"
SIGN_ON = {} if os.environ.get("HANGBIAO_FAKES") else sign_on.services(given)  # fakes send messages, they sign nobody on
EMPLOYEE_OF = "hangbiao.rooms.people.sign_on.account_of"
PROXIES = int(os.environ.get("HANGBIAO_PROXIES", "0"))  # how many of ours stand in front and tell the address
PUBLIC_URL = os.environ.get("HANGBIAO_URL", "")  # for links in letters; empty: as the reader reached us
WEBHOOKS_INSIDE = flag("HANGBIAO_WEBHOOKS_INSIDE", False)  # messages may go to addresses inside the house, by http too
FONT_FOLDERS = [p for p in os.environ.get("HANGBIAO_FONTS", "").split(os.pathsep) if p]
HAS_LEFT = "hangbiao.rooms.people.sign_on.has_left"
API = "hangbiao.site.api.api"
API_GRANTS = "hangbiao.site.api.grants"
SECURE_COOKIES = flag("HANGBIAO_HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_NAME = "__Host-hangbiao" if SECURE_COOKIES else "sessionid"  # of this host alone, never of a sub-domain
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "hangbiao.engines.accounts.pages.sign_in.stale_form"
if SECURE_COOKIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
    SECURE_HSTS_SECONDS = 31_536_000
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "name_en", "mail")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

EMAIL_HOST = os.environ.get("HANGBIAO_MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("HANGBIAO_MAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("HANGBIAO_MAIL_USER", "")
EMAIL_HOST_PASSWORD = given("HANGBIAO_MAIL_PASSWORD")
EMAIL_USE_TLS, EMAIL_USE_SSL = mail_security(os.environ.get("HANGBIAO_MAIL_SECURITY", "starttls"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("HANGBIAO_MAIL_FROM", "hangbiao@localhost")
EMAIL_FILE_PATH = home() / "mail"  # where letters lie when no mail server is named
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
SYNC_FOLDER = os.environ.get("HANGBIAO_SYNC_FOLDER", "")  # where a company's files arrive, read every day
SYNC_MAPPINGS = os.environ.get("HANGBIAO_SYNC_MAPPINGS", "")  # the folder of mappings for them
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]  # zh: each language names itself
LOCALE_PATHS = [BASE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("HANGBIAO_ZONE", "Asia/Shanghai")

STATIC_URL = "/static/"
STATIC_ROOT = home() / "static"
STATICFILES_DIRS = [p for p in [BASE / "engines" / "pages" / "build"] if p.exists()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

DEMO_PEOPLE = "hangbiao.site.demo.people.demo_people"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

CHANNELS = messengers.channels(given)
CALLBACKS = messengers.callbacks(given)

READERS = {
    "csv": "hangbiao.adapters.files.delimited.read",
    "xlsx": "hangbiao.adapters.files.workbook.read",
}
