"""`./dev demo` starts the fakes of the message services and tells web and worker where they are."""

import os
from unittest.mock import patch

import httpx
import pytest

from hangbiao.site.demo.messengers import introduce, message_services


def test_a_checkout_has_them_and_they_end_with_the_demo():
    with patch.dict(os.environ):
        with message_services() as page:
            introduce(page, {"E1": {"name": "李薇", "say": "业务代表", "mail": ""}}, "http://127.0.0.1:1")
            seen = httpx.get(f"{page}seen.json").json()
            assert seen["lines"] == []
            assert set(seen["faults"]) == {"wecom", "dingtalk", "feishu", "mail"}
            assert os.environ["HANGBIAO_CHANNELS"].startswith("wecom,")
            assert os.environ["HANGBIAO_WECOM_HOST"].startswith("http://127.0.0.1:")
            assert os.environ["HANGBIAO_FAKES"] == page

        with pytest.raises(httpx.ConnectError):
            httpx.get(page)


def test_an_installed_package_has_none_and_a_visitors_own_services_are_left_alone(tmp_path):
    with patch.dict(os.environ):
        with message_services(tmp_path) as page:
            assert page == ""
        os.environ["HANGBIAO_CHANNELS"] = "mail"
        with message_services() as page:
            assert page == ""
        assert "HANGBIAO_FAKES" not in os.environ
        introduce("http://127.0.0.1:1/", {}, "")
