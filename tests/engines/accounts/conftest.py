"""The accounts engine alone: a few addresses, the middleware it needs, a clock that tests set, and Li Wei."""

import types

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from tests.world import clocks

PASSWORD = "正确的密码 horse"


def closed(request):
    return HttpResponse(f"hello {request.user.name} at {request.at.isoformat()}")


def opened(request):
    return HttpResponse("stranger" if not request.user.is_authenticated else request.user.name)


opened.is_public = True  # what `@public` does; conftest is read before Django is there


@pytest.fixture(autouse=True)
def house(settings, at):
    """These few addresses, and only the middleware that this engine needs."""
    module = types.ModuleType("accounts_test_urls")
    module.urlpatterns = [
        path("", closed),
        path("closed/", closed),
        path("open/", opened),
        path("", include("hangbiao.engines.accounts.urls")),
        path("", include("hangbiao.engines.pages.urls")),
    ]
    settings.ROOT_URLCONF = module
    settings.MIDDLEWARE = [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "hangbiao.engines.accounts.middleware.signed_in",
        "allauth.account.middleware.AccountMiddleware",
        "hangbiao.engines.pages.middleware.language_of_the_reader",
    ]
    settings.CLOCK = "tests.world.clocks.now"
    settings.WALL_CLOCK = "tests.world.clocks.wall"
    settings.SIGN_IN_RULES = None
    settings.DEMO = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    clocks.Clocks.set(at)


@pytest.fixture
def time():
    """The clock, to be moved."""
    return clocks.Clocks


@pytest.fixture
def li_wei(db, at):
    from hangbiao.engines.accounts import services

    return services.open_account(
        username="li.wei", name="李伟", mail="li.wei@example.com", password=PASSWORD, at=at, actor="system:test"
    )


@pytest.fixture
def enter():
    """enter(client, …) fills in the sign-in form; the password is right unless another is given."""

    def fill(client: Client, password: str = PASSWORD, username: str = "li.wei", **more):
        headers = more.pop("headers", None)
        address = more.pop("address", "192.0.2.1")
        form = {"username": username, "password": password} | more
        return client.post("/sign-in/", form, headers=headers, REMOTE_ADDR=address)

    return fill


@pytest.fixture
def another_browser():
    """A second browser on another address."""
    return lambda: Client(REMOTE_ADDR="198.51.100.7")
