"""A letter's job is left in the transaction of the deed, and the worker sends it."""

import threading
from typing import cast

import pytest
from django.db import transaction

from hangbiao.engines.accounts import letters, services
from hangbiao.engines.accounts.models import Letter
from tests.fakes.smtp import mail_server


def work_once() -> None:
    """What `hangbiao worker --once` does, in a thread of its own: it brings its own event loop."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    def run() -> None:
        connector = cast("DjangoConnector", app.connector)
        with app.replace_connector(connector.get_worker_connector()) as working:
            working.run_worker(wait=False, install_signal_handlers=False)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(timeout=60)
    assert not thread.is_alive()


@pytest.fixture
def wang(own_database, at):
    return services.open_account(username="wang", name="王", mail="wang@example.com", at=at, actor="system:test")


def invite(wang, at):
    letters.invite(accounts=[wang], origin="https://hb.example", at=at, actor="system:test")


def test_the_worker_sends_what_was_asked_for(wang, at, settings):
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
        invite(wang, at)
        assert server.letters == []

        work_once()

        assert [letter.receivers for letter in server.letters] == [["wang@example.com"]]
    assert Letter.objects.get().sent_at is not None


def test_what_is_undone_sends_nothing(wang, at, settings):
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
        with transaction.atomic():
            invite(wang, at)
            transaction.set_rollback(True)

        work_once()

        assert server.letters == []
    assert not Letter.objects.exists()
