"""Mail as a channel (the port notify.ports.Channel): plain text with a simple HTML beside it.

Its Message-ID follows from the key, so a mail program can tell a double. Whether a server takes the same mail twice when its
first answer got lost is out of our hands: a double is possible.
"""

import html
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage as Letter
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from hangbiao.adapters.mail.codes import CODES, meaning
from hangbiao.adapters.troubles import explained, refused
from hangbiao.adapters.wording import BOLD, Line, checked, lines_of, number, one_line, plain
from hangbiao.engines.notify.ports import Outgoing, Parcel, Receipt, State

LONGEST_URL = 2048
COLOURS = {"red": "#c8102e", "yellow": "#8a6100", "green": "#1d7a45"}


class Mail:
    """The house's one mail server."""

    name = "mail"
    per_minute = 120
    confirms = False

    def compose(self, message: Outgoing) -> Parcel:
        checked(message, longest_url=LONGEST_URL)
        try:
            validate_email(message.to)
        except ValidationError as wrong:
            raise refused(CODES, "bad_address", message.to) from wrong
        return Parcel("mail", _letter(message).as_bytes())

    def send(self, parcel: Parcel, *, to: str) -> Receipt:
        composed = _Composed("", "", settings.DEFAULT_FROM_EMAIL, [to])
        composed.parcel = parcel
        server = get_connection()
        try:
            server.open()
            server.send_messages([composed])
        except OSError as fault:  # smtplib's errors are OSErrors too
            raise meaning(fault) from fault
        finally:
            with suppress(OSError):  # a goodbye that fails changes nothing about what was accepted
                server.close()
        return Receipt(parcel.kind, {})

    def confirm(self, receipt: Receipt, *, to: str) -> tuple[State, str]:
        return State.ACCEPTED, ""

    def close(self, receipt: Receipt, *, to: str, note: str) -> None:
        """A mail stays as it was sent."""

    def explain(self, code: str) -> tuple[str, str]:
        return explained(CODES, code)


class _Composed(EmailMessage):
    """For Django's mail backends: what goes out is the parcel, byte for byte."""

    parcel: Parcel

    def message(self) -> Any:
        return self

    def as_bytes(self, *_how: Any, **_more: Any) -> bytes:
        return self.parcel.body

    def get_charset(self) -> str:
        return "utf-8"


def _letter(message: Outgoing) -> Letter:
    sender = settings.DEFAULT_FROM_EMAIL
    host = sender.rstrip("> ").rpartition("@")[2] or "localhost"
    front = "{0.scheme}://{0.netloc}".format(urlsplit(message.url))
    letter = Letter(policy=SMTP.clone(cte_type="7bit"))
    letter["Subject"] = plain(one_line(message.title))
    letter["From"] = sender
    letter["To"] = Address(addr_spec=message.to)
    letter["Date"] = format_datetime(import_string(settings.WALL_CLOCK)())
    letter["Message-ID"] = f"<{message.key}@{host}>"
    letter["List-Id"] = f"Hangbiao <hangbiao.{host}>"
    letter["List-Unsubscribe"] = f"<{front}/profile/>"
    letter["Auto-Submitted"] = "auto-generated"
    lines, small = lines_of(message.body), number(message)
    button = one_line(message.button) or _("查看")
    letter.set_content("\n".join([*(_said(x) for x in lines), "", f"{button}: {message.url}", *([small] if small else [])]))
    letter.add_alternative(_page(message, lines, button, small), subtype="html")
    letter.set_boundary(f"=_{message.key}")
    return letter


def _said(line: Line) -> str:
    return plain(f"{line.label}：{line.text}" if line.label else line.text)  # zh: a colon


def _page(message: Outgoing, lines: list[Line], button: str, small: str) -> str:
    """Without pictures, scripts or anything fetched: mail programs show the rest as it is."""
    colour = COLOURS.get(message.light, "#1f2937")
    rows = "".join(f"<p>{_bold(line)}</p>" for line in lines)
    foot = f'<p><font color="#6b7280">{html.escape(small)}</font></p>' if small else ""
    return (
        f'<html><body><h2><font color="{colour}">{html.escape(plain(one_line(message.title)))}</font></h2>{rows}'
        f'<p><a href="{html.escape(message.url)}">{html.escape(button)}</a></p>{foot}</body></html>'
    )


def _bold(line: Line) -> str:
    text = BOLD.sub(r"<b>\1</b>", html.escape(line.text))
    return f"{html.escape(line.label)}：{text}" if line.label else text  # zh: a colon
