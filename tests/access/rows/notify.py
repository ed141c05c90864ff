"""What messengers call: open to everybody, and nothing is told or written unless the messenger's signature is right."""

from tests.access.matrix import EVERYBODY, Ask, Row

FORGED = "<xml><Encrypt>AAAAAAAAAAAAAAAAAAAAAA==</Encrypt></xml>"

ROWS = [
    Row(route="callbacks/<slug:messenger>/", entitled=EVERYBODY, public=True, ok=(403,),
        asks={"unsigned": lambda _p: "/callbacks/wecom/?msg_signature=0&timestamp=1&nonce=1&echostr=x",
              "no such messenger": lambda _p: "/callbacks/pigeon/"}),
    Row(route="callbacks/<slug:messenger>/", method="POST", entitled=EVERYBODY, public=True, ok=(403,),
        asks={"forged": lambda _p: Ask("/callbacks/wecom/", data=FORGED, content_type="text/xml"),
              "a form": lambda _p: Ask("/callbacks/feishu/", data={"encrypt": "x"})}),
]  # fmt: skip
