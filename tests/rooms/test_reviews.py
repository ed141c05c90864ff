"""From a red light at a checkpoint to a closed review, through the pages, as each of the people concerned."""

import re
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from django.db import transaction
from django.test import override_settings

from hangbiao.engines.accounts.models import Account
from hangbiao.engines.flows.models import Case, Task
from hangbiao.engines.flows.services import sweep
from hangbiao.engines.journal.models import Entry
from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.actuals.models import Batch, DailyFact
from hangbiao.rooms.actuals.sql import book_daily
from hangbiao.rooms.desk.models import Notice
from hangbiao.rooms.lights.models import Light, Projection, Run
from hangbiao.rooms.lights.services import evaluate
from hangbiao.rooms.people.models import Deputy, Person
from hangbiao.rooms.people.viewer import viewer_of
from hangbiao.rooms.reviews.models import Action, Analysis, Review
from hangbiao.rooms.reviews.punctuality import kept_by_unit
from hangbiao.rooms.reviews.services import open_after_checkpoint
from tests.world import ACTOR, SHANGHAI
from tests.world.board import AT, found_many
from tests.world.pages import seen_by, text_of

pytestmark = pytest.mark.django_db
DUE = date(2026, 12, 3)


@pytest.fixture(scope="module")
def founded(django_db_setup, django_db_blocker):
    """Founded once for all tests of this file; each test's own changes roll back to here."""
    with django_db_blocker.unblock(), transaction.atomic():
        with acting(system_scope("test")):
            found_many(regions=2, reps=6, reviews=True)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def company(founded, everything):
    with override_settings(CLOCK="tests.world.pages.now"):
        yield


def review_of(code="P000"):
    return Review.objects.get(person__code=code)


def page(username, review, at=AT):
    return seen_by(username, at).get(f"/reviews/{review.pk}/")


def part(username, review, at=AT, **said):
    """Send the form that the page offers to this person."""
    browser = seen_by(username, at)
    shown = browser.get(f"/reviews/{review.pk}/").content.decode()
    found = re.search(rf'action="(/reviews/{review.pk}/tasks/\d+/)"', shown)
    assert found, f"{username} has nothing to do: {shown[:500]}"
    return browser.post(found[1], said)


VIEW = {"cause": "visits", "words": "十一月后两周少跑了三条线路，客户没有补货。"}
MET = {"held_on": "2026-11-26", "present": "on"}
MINUTES = {"words": "三方同意补回线路，主管每周三陪访。", "what_1": "补跑三条线路", "due_1": "2026-12-10"}


def talk(review, *, at=AT):
    """All three say what they think and attest that they met."""
    for said in (VIEW, MET):
        for username in ("p000", "s00", "m0"):
            assert part(username, review, at, **said).status_code == 302


def write_minutes(review, at=AT, **said):
    owner = Account.objects.get(username="p000").pk
    return part("s00", review, at, **(MINUTES | {"owner_1": owner} | said))


def test_everybody_yellow_or_red_has_one_review_and_nobody_else(company):
    run = Run.objects.get(as_of=date(2026, 11, 25), kind="checkpoint")
    lit = Light.objects.filter(run=run, metric__code="sales", light__in=["yellow", "red"])

    assert set(Review.objects.values_list("person_id", flat=True)) == set(lit.values_list("person_id", flat=True))
    assert Review.objects.count() > 1
    assert set(Case.objects.values_list("due_on", flat=True)) == {DUE}
    assert Analysis.objects.count() == Review.objects.count()


def test_lighting_the_same_checkpoint_again_opens_nothing(company):
    run, before = Run.objects.get(as_of=date(2026, 11, 25), kind="checkpoint"), Review.objects.count()

    with transaction.atomic():
        assert open_after_checkpoint(run=run.pk, at=AT, actor=ACTOR) == []

    assert Review.objects.count() == before


def test_the_analysis_is_filled_in_before_anybody_writes(company):
    review = review_of()

    text = text_of(page("p000", review))

    body = Analysis.objects.get(review=review).body
    assert body["gap"] == body["plan"] - body["actual"] > 0
    assert [unit["path"] for unit in body["compared"]] == ["/C/R0/T00/", "/C/R0/", "/C/"]
    assert "到 11月25日 应达" in text
    assert "轮到你" in text


def test_the_analysis_says_where_the_period_will_probably_end_though_the_flip_was_only_just_told(company):
    review = review_of()

    body = Analysis.objects.get(review=review).body

    (row,) = Projection.objects.filter(run=review.run_id, target=review.target_id)
    assert Fraction(body["end"]["point"]) * body["base"] == row.point
    assert Run.objects.get(pk=review.run_id).unassigned is not None


def test_the_three_talk_the_director_countersigns_red_and_the_hrbp_closes(company):
    review = review_of()
    assert review.light == "red"

    talk(review)
    assert write_minutes(review).status_code == 302
    for username in ("p000", "m0"):
        assert part(username, review, verdict="agree").status_code == 302
    assert "轮到你" not in text_of(page("h0", review)), "the director comes first"
    assert part("x1", review, verdict="agree").status_code == 302
    assert part("h0", review, verdict="agree").status_code == 302

    case = Case.objects.get(pk=review.case_id)
    assert case.outcome == "closed"
    (action,) = Action.objects.filter(review=review)
    assert (action.what, action.due_on) == ("补跑三条线路", date(2026, 12, 10))
    text = text_of(page("m0", review))
    assert "复盘已结束" in text
    assert "十一月后两周少跑了三条线路" in text
    assert Entry.objects.filter(stream=f"case:{case.pk}").count() == 12


def test_what_is_missing_comes_back_with_what_was_written(company):
    review = review_of()

    answer = part("p000", review, cause="visits", words="太短")

    assert answer.status_code == 400
    assert "太短" in answer.content.decode()
    assert Task.objects.filter(case_id=review.case_id, state="done").count() == 0


def test_minutes_need_an_action_with_owner_and_a_day_to_come(company):
    review = review_of()
    talk(review)

    assert write_minutes(review, what_1="").status_code == 400
    assert write_minutes(review, due_1="2026-11-01").status_code == 400
    assert write_minutes(review, due_1="").status_code == 400
    assert Action.objects.count() == 0


def test_nobody_attests_a_meeting_that_is_still_to_come(company):
    review = review_of()
    for username in ("p000", "s00", "m0"):
        part(username, review, **VIEW)

    answer = part("p000", review, held_on="2026-11-27", present="on")

    assert answer.status_code == 400
    assert "会议还没有开" in text_of(answer)


def test_a_rejection_needs_words_and_sends_the_minutes_back(company):
    review = review_of()
    talk(review)
    write_minutes(review)
    for username in ("p000", "m0"):
        part(username, review, verdict="object", reason="行动太少")

    assert part("x1", review, verdict="reject").status_code == 400
    assert part("x1", review, verdict="reject", reason="写清每条线路").status_code == 302
    assert "轮到你" in text_of(page("s00", review))


def test_others_find_no_such_review(company):
    review = review_of()

    for username in ("p001", "m1", "h1", "adm", "s10"):
        assert page(username, review).status_code == 404, username
        assert seen_by(username, AT).post(f"/reviews/{review.pk}/tasks/1/", VIEW).status_code == 404
    assert page("h0", review).status_code == 200, "the HRBP of the region sees it before it is their turn"
    assert "轮到你" not in text_of(page("h0", review))


def test_the_inbox_shows_the_part_with_its_deadline_instead_of_the_light(company):
    text = text_of(seen_by("p000", AT).get("/inbox/"))

    assert "你的复盘：三方填写偏差分析" in text
    assert "你的灯" not in text
    assert "还剩 5 个工作日" in text
    assert "灯和批次都看过了" not in text, "a part is not over by looking at it"


def test_the_list_shows_managers_their_people_only(company):
    mine = text_of(seen_by("m0", AT).get("/reviews/"))

    own = Review.objects.filter(org_path__startswith="/C/R0/").count()
    assert f"正在进行 {own} 次复盘" in mine
    foreign = Person.objects.get(code=Review.objects.filter(org_path__startswith="/C/R1/").first().person.code)
    assert foreign.name not in mine
    assert "正在进行 1 次复盘" in text_of(seen_by("p000", AT).get("/reviews/"))
    assert "还没有结束的复盘" in text_of(seen_by("p000", AT).get("/reviews/?closed=1"))


def test_silence_is_told_to_the_next_manager_and_the_hrbp_and_approves_nothing(company):
    late = datetime(2026, 12, 4, 9, 0, tzinfo=SHANGHAI)

    sweep(at=late, actor=ACTOR, zone=SHANGHAI)

    told = set(Notice.objects.filter(kind="tasks.late").values_list("account__username", flat=True))
    assert {"m0", "x1", "h0"} <= told
    assert "已逾期" in text_of(seen_by("m0", late).get("/reviews/"))
    assert not Case.objects.filter(closed_at__isnull=False).exists()


def test_what_is_overdue_and_open_counts_against_the_share_in_time(company):
    late = datetime(2026, 12, 4, 9, 0, tzinfo=SHANGHAI)
    mine = list(Review.objects.filter(org_path__startswith="/C/R0/").order_by("pk"))
    for n, review in enumerate(mine[:2]):
        Task.objects.filter(case_id=review.case_id).update(state="done", done_at=late if n else AT)
        Case.objects.filter(pk=review.case_id).update(closed_at=late)

    viewer = viewer_of(Account.objects.get(username="m0"), at=late, on=late.date())
    (total, *teams) = kept_by_unit(viewer)

    assert (total.in_time, total.done_late, total.late_open, total.waiting) == (1, 1, len(mine) - 2, 0)
    assert total.share == Fraction(1, len(mine))
    assert sum(one.due for one in teams) == total.due
    assert "按时率" in text_of(seen_by("m0", late).get("/reviews/"))
    assert "按时率" not in text_of(seen_by("p000", late).get("/reviews/"))


def test_a_supervisor_on_holiday_is_stood_in_for(company):
    people = dict(Person.objects.values_list("code", "pk"))
    Deputy.objects.create(
        principal_id=people["S00"], deputy_id=people["S01"], valid_from=AT.date(), valid_to=AT.date() + timedelta(days=7),
        reason="年假",
    )  # fmt: skip
    sweep(at=AT, actor=ACTOR, zone=SHANGHAI)
    review = review_of()

    assert part("s01", review, **VIEW).status_code == 302

    text = text_of(page("m0", review))
    assert "代 " in text


def test_a_part_that_is_sent_twice_counts_once(company):
    review = review_of()
    browser = seen_by("p000", AT)
    shown = browser.get(f"/reviews/{review.pk}/").content.decode()
    address = re.search(rf'action="(/reviews/{review.pk}/tasks/\d+/)"', shown)[1]

    for _again in range(2):
        assert browser.post(address, VIEW).status_code == 302

    assert Entry.objects.filter(stream=f"case:{review.case_id}").count() == 1


def test_a_correction_after_the_checkpoint_leaves_the_official_light_and_the_review_as_they_were(company):
    review = review_of()
    analysis = Analysis.objects.get(review=review).body
    day, columns = date(2026, 11, 10), ("period_id", "metric_id", "day", "territory_id", "person_id", "org_path", "value")
    facts = DailyFact.objects.filter(day=day, metric=review.metric_id).values_list(*columns)
    rows = [(*fact[:-1], 10**9 if fact[4] == review.person_id else fact[-1]) for fact in facts]
    batch = Batch.objects.latest("pk").pk
    book_daily(rows, batch=batch, at=AT, metrics=[review.metric_id], periods=[rows[0][0]], days=[day])

    with transaction.atomic():
        preview = evaluate(as_of=date(2026, 11, 25), at=AT, actor=ACTOR, kind="preview")

    official = Light.objects.get(run=review.run_id, target=review.target_id)
    assert (official.light, Light.objects.get(run=preview, target=review.target_id).light) == ("red", "green")
    review.refresh_from_db()
    assert (review.light, Case.objects.get(pk=review.case_id).closed_at) == ("red", None)
    assert Analysis.objects.filter(review=review).earliest("number").body == analysis
