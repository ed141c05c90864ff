"""What may go wrong on the way to a message service and back: the 24 kinds that are promised, and a few more.

A kind that one of the services cannot have is played as the nearest it can; `NEAREST` says which and why.
"""

from enum import StrEnum


class Fault(StrEnum):
    """The value is what `Vendor.fail` takes."""

    REFUSED = "refuse"  # nobody listens on the port
    RESET = "reset"  # the connection is torn down after the question
    NO_NAME = "dns"
    NO_TLS = "tls"  # bytes that are no HTTP, as from a broken handshake
    HANG = "hang"  # the question is read, nothing comes
    SLOW = "slow"  # taken, but the answer drips
    CUT = "cut"  # taken, then the connection ends without an answer
    TOO_MANY = "429"  # the gateway's own refusal, with the seconds to wait in a header
    ERROR_500 = "500"
    ERROR_502 = "502"  # with a page for people
    ERROR_503 = "503"
    BROKEN_JSON = "broken json"
    EMPTY = "empty"
    HTML = "html"  # status 200 with a page for people
    CODE_IN_200 = "busy"  # status 200, "try again" inside
    TOKEN_EXPIRED = "token expired"
    TOKEN_REVOKED = "token revoked"
    UNTRUSTED_IP = "untrusted ip"
    RATE = "rate"  # the service's own number for "too often", without a time
    SILENT_DROP = "silent drop"
    PARTIAL = "partial"  # accepted, but not for this person
    DUPLICATE = "duplicate"  # taken, the answer is a gateway's time-out; the next try meets the check for duplicates
    CALLBACK_REPEATED = "callback repeated"
    CALLBACK_DISORDERED = "callback out of order"
    # Beyond the promise.
    REDIRECT = "redirect"
    HUGE = "huge"
    WRONG_TYPE = "wrong type"  # taken; the JSON is declared as text
    CLOCK_SKEW = "clock skew"  # the service's clock is two hours ahead
    DUPLICATE_TASK = "duplicate task"  # the to-do is made; the answer says that it has been there all along


FURTHER = (Fault.REDIRECT, Fault.HUGE, Fault.WRONG_TYPE, Fault.CLOCK_SKEW, Fault.DUPLICATE_TASK)
PROMISED = tuple(fault for fault in Fault if fault not in FURTHER)

TAKEN = {Fault.SLOW, Fault.CUT, Fault.WRONG_TYPE, Fault.DUPLICATE}  # the work is done all the same
AT_ONCE = {Fault.TOKEN_EXPIRED, Fault.TOKEN_REVOKED}  # done when switched on; nothing stays switched
WIRE = {
    Fault.REFUSED, Fault.RESET, Fault.NO_NAME, Fault.NO_TLS, Fault.HANG, Fault.SLOW, Fault.CUT, Fault.ERROR_500,
    Fault.ERROR_502, Fault.ERROR_503, Fault.BROKEN_JSON, Fault.EMPTY, Fault.HTML, Fault.REDIRECT, Fault.HUGE,
    Fault.WRONG_TYPE, Fault.DUPLICATE,
}  # fmt: skip

NEAREST = {
    ("*", Fault.NO_NAME): "an address that was configured before stops listening; `address_for` gives a name nobody knows",
    ("*", Fault.NO_TLS): "the port answers a TLS alert in the clear; `address_for` gives https on a port that speaks none",
    ("wecom", Fault.TOO_MANY): "its own refusal is 45009 inside 200 (kind RATE); this one is a gateway's, with Retry-After",
    ("wecom", Fault.SILENT_DROP): "always armed, since nothing tells it: the 31st in a minute to one person is not shown",
    ("wecom", Fault.DUPLICATE_TASK): "it has no to-dos: a card whose task_id is taken is refused with 40058",
    ("dingtalk", Fault.CALLBACK_REPEATED): "it calls nobody back here: the outcome is asked for and told as often as asked",
    ("dingtalk", Fault.CALLBACK_DISORDERED): "the outcome of an older message is ready later than that of a newer one",
    ("feishu", Fault.SILENT_DROP): "it drops nothing in silence: 230053, the person wants none of this app's messages",
    ("feishu", Fault.PARTIAL): "one message has one receiver: 230013, the person is outside the app's reach",
    ("feishu", Fault.DUPLICATE_TASK): "a repeated client_token answers the first to-do, never an error",
    ("feishu", Fault.CODE_IN_200): "status 200 with 11232, as its gateway does for the whole tenant",
}
