"""Who guesses waits, longer each time; whether a name exists makes no difference; owners are not locked out."""

import pytest
from django.test import Client

from hangbiao.engines.accounts.models import Attempt

FREE = 5


def wrong(enter, client, times=1, **more):
    return [enter(client, "wrong", **more).status_code for _ in range(times)]


def test_after_five_wrong_passwords_even_the_right_one_must_wait_and_the_sentence_says_how_long(
    client, li_wei, enter, time
):
    assert wrong(enter, client, FREE) == [403] * FREE

    answer = enter(client)
    assert answer.status_code == 429
    assert "429.html" in [template.name for template in answer.templates]
    assert "1 分钟" in answer.context["said"]

    time.forward(minutes=1)
    assert enter(client).status_code == 303


def test_each_further_failure_doubles_the_wait_up_to_an_hour(client, li_wei, enter, time):
    wrong(enter, client, FREE)
    waited = []
    for _ in range(8):
        said = enter(client).context["said"]
        waited.append(int("".join(c for c in said if c.isdigit())))
        time.forward(minutes=waited[-1])
        assert enter(client, "wrong").status_code == 403

    assert waited == [1, 2, 4, 8, 16, 32, 60, 60]


def test_being_told_to_wait_does_not_make_the_wait_longer(client, li_wei, enter, time):
    wrong(enter, client, FREE)
    assert wrong(enter, client, 3) == [429] * 3

    time.forward(minutes=1)
    assert enter(client).status_code == 303


def test_a_name_that_does_not_exist_is_slowed_down_in_the_same_way(client, li_wei, enter):
    existing = [enter(client, "wrong") for _ in range(FREE + 1)]
    nobody = [enter(Client(), "wrong", username="nobody", address="192.0.2.9") for _ in range(FREE + 1)]

    told = [[(a.status_code, a.context.get("refusal") or a.context["said"]) for a in answers] for answers in (existing, nobody)]
    assert told[0] == told[1]


def test_signing_in_forgets_the_failures_of_this_name_in_this_place(client, li_wei, enter):
    wrong(enter, client, FREE - 1)
    assert enter(client).status_code == 303
    client.post("/sign-out/")

    assert wrong(enter, client, FREE - 1) == [403] * (FREE - 1)
    assert enter(client).status_code == 303


def test_guesses_from_elsewhere_do_not_lock_the_owner_out_of_a_browser_that_knows_them(
    client, li_wei, enter, another_browser
):
    enter(client)
    client.post("/sign-out/")
    for n in range(40):  # more than the name may fail all over the world
        enter(another_browser(), "wrong", address=f"203.0.113.{n}")

    assert enter(another_browser(), address="203.0.113.200").status_code == 429
    assert enter(client).status_code == 303


def test_a_mark_of_a_known_browser_cannot_be_made_by_hand(li_wei, enter):
    stranger = Client()
    stranger.cookies["hb_browser"] = '["li.wei"]:forged:forged'
    for n in range(31):
        enter(stranger, "wrong", address=f"203.0.113.{n}")

    assert enter(stranger, address="203.0.113.99").status_code == 429


def test_one_address_cannot_try_one_password_on_everybody(db, enter):
    told = [
        enter(Client(), "Sommer2026", username=f"user{n}", address="203.0.113.5").status_code
        for n in range(101)
    ]

    assert told == [403] * 100 + [429]
    assert enter(Client(), "Sommer2026", username="user0", address="203.0.113.6").status_code == 403


@pytest.mark.parametrize("proxies", [0, 1])
def test_the_address_is_told_by_our_own_proxy_or_by_nobody(client, li_wei, enter, settings, proxies):
    settings.PROXIES = proxies
    for n in range(FREE):  # whoever guesses adds addresses of their own in front
        enter(client, "wrong", headers={"X-Forwarded-For": f"10.0.0.{n}, 203.0.113.80"})

    answer = enter(Client(), headers={"X-Forwarded-For": "10.9.9.9, 203.0.113.80"})
    elsewhere = enter(Client(), address="192.0.2.50", headers={"X-Forwarded-For": "10.9.9.9, 203.0.113.81"})
    assert (answer.status_code, elsewhere.status_code) == (429, 303)


def test_what_was_typed_is_not_kept(client, li_wei, enter):
    enter(client, "wrong", username="oops-my-password")

    assert "oops" not in str(list(Attempt.objects.values()))


def test_old_failures_are_thrown_away(client, li_wei, enter, time):
    wrong(enter, client, 3)
    time.forward(days=2)
    wrong(enter, client, 1)

    assert Attempt.objects.count() == 3  # name, address, both: of the last one
