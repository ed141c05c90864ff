"""What asks: the address it comes from, the browser in words, and whether this browser has signed a name in before."""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "hb_browser"
YEAR = 365 * 24 * 3600
LONGEST_ADDRESS = 45
CLIENTS = (
    ("wxwork", "wecom"), ("dingtalk", "dingtalk"), ("lark/", "feishu"), ("feishu", "feishu"),
    ("micromessenger", "wechat"), ("edg/", "edge"), ("firefox/", "firefox"), ("chrome/", "chrome"), ("safari/", "safari"),
)  # fmt: skip
SYSTEMS = (
    ("harmony", "harmony"), ("android", "android"), ("iphone", "iphone"), ("ipad", "ipad"), ("windows", "windows"),
    ("mac os x", "mac"), ("linux", "linux"),
)  # fmt: skip
IN_CLIENT = ("wecom", "dingtalk", "feishu")


def address_of(request: HttpRequest) -> str:
    """The client's address. Behind `settings.PROXIES` proxies: what the outermost of them saw, and nothing it was told."""
    proxies: int = getattr(settings, "PROXIES", 0)
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(told) >= proxies:
        return told[-proxies][:LONGEST_ADDRESS]
    return str(request.META.get("REMOTE_ADDR", ""))[:LONGEST_ADDRESS]


def device_of(request: HttpRequest) -> str:
    """ "chrome windows": browser and system by their code names; empty for what says nothing we know."""
    said = request.headers.get("User-Agent", "").lower()
    client = next((name for mark, name in CLIENTS if mark in said), "")
    system = next((name for mark, name in SYSTEMS if mark in said), "")
    return " ".join(part for part in (client, system) if part)


def client_of(request: HttpRequest) -> str:
    """The chat client whose browser this is: wecom, dingtalk, feishu; empty elsewhere."""
    client = device_of(request).split(" ")[0]
    return client if client in IN_CLIENT else ""


def is_known_browser(request: HttpRequest, name: str) -> bool:
    """Whether this browser has signed this name in during the last year."""
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=YEAR)
    except signing.BadSignature:
        return False
    return name.strip().lower() in kept


def remember_browser(request: HttpRequest, response: HttpResponse, *names: str) -> None:
    """Keep, signed, that these names were signed in here. Five at most: a counter's shared computer has its limits."""
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=YEAR)
    except signing.BadSignature:
        kept = []
    new = [name.lower() for name in names if name]
    kept = [*new, *(name for name in kept if name not in new)][:5]
    secure = bool(settings.SESSION_COOKIE_SECURE)
    value = signing.dumps(kept, salt=COOKIE)
    response.set_cookie(COOKIE, value, max_age=YEAR, samesite="Lax", httponly=True, secure=secure)
