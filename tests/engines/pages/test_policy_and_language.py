"""Every answer carries the strict policy, and the language is the reader's, never the browser's."""

import pytest

pytestmark = pytest.mark.django_db


def test_even_the_sign_in_page_allows_nothing_inline(client):
    policy = client.get("/sign-in/")["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_browser_that_prefers_english_still_gets_chinese(client):
    page = client.get("/sign-in/", headers={"Accept-Language": "en-US,en"})

    assert page["Content-Language"] == "zh-hans"
    assert "登录" in page.content.decode()


def test_a_choice_made_before_sign_in_is_kept(client):
    client.post("/preferences/", {"language": "en", "theme": "dark", "next": "/sign-in/"})
    page = client.get("/sign-in/")

    assert 'lang="en"' in page.content.decode()
    assert 'data-theme="dark"' in page.content.decode()


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com/", "javascript:alert(1)", ""])
def test_after_a_choice_nobody_is_sent_elsewhere(client, elsewhere):
    assert client.post("/preferences/", {"language": "en", "next": elsewhere})["Location"] == "/"


def test_an_unknown_language_changes_nothing(client):
    answer = client.post("/preferences/", {"language": "xx", "theme": "neon"})

    assert not answer.cookies
