"""Who fills a role of a flow: supervisor, deputy, the manager above, HRBP; never the person it is about."""

from datetime import date

import pytest

from hangbiao.engines.accounts.models import Account
from hangbiao.rooms.people.duties import EMPLOYEE, HRBP, REGION_MANAGER, SALES_DIRECTOR, SUPERVISOR, Duties
from hangbiao.rooms.people.models import Deputy, Person, Post
from tests.world import found_company

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
DAY = date(2025, 11, 11)
ALL = (EMPLOYEE, SUPERVISOR, REGION_MANAGER, SALES_DIRECTOR, HRBP)


@pytest.fixture
def company():
    found = found_company()
    for person in Person.objects.filter(account__isnull=True):
        person.account = Account.objects.create_user(person.code, name=person.name)
        person.save()
    return found


def who(company, role, subject="li.wei", on=DAY):
    pk = company.people[subject]
    (filled,) = Duties().fill([role], {pk: "/C/R1/T-A/"}, on)[role, pk]
    return tuple(Account.objects.get(pk=pk).username for pk in (filled.account, filled.principal))


def end(company, code):
    Post.objects.filter(person=company.people[code]).update(valid_to=date(2025, 11, 10))


def test_each_role_has_its_person(company):
    assert [who(company, role)[0] for role in ALL] == ["li.wei", "zhao.min", "chen.gang", "zhou.jie", "sun.li"]


def test_a_vacant_supervisor_is_filled_from_above_and_never_from_beside(company):
    end(company, "zhao.min")
    assert who(company, SUPERVISOR) == ("chen.gang", "chen.gang")
    end(company, "chen.gang")
    assert who(company, SUPERVISOR) == ("zhou.jie", "zhou.jie"), "not he.yu, who leads another region"


def test_the_post_counts_on_its_last_day(company):
    end(company, "zhao.min")

    assert who(company, SUPERVISOR, on=date(2025, 11, 10))[0] == "zhao.min"


def test_a_deputy_acts_and_the_duty_stays_named(company):
    Deputy.objects.create(
        principal_id=company.people["zhao.min"], deputy_id=company.people["chen.gang"],
        valid_from=DAY, valid_to=DAY, reason="培训",
    )  # fmt: skip

    assert who(company, SUPERVISOR) == ("chen.gang", "zhao.min")
    assert who(company, SUPERVISOR, on=date(2025, 11, 12)) == ("zhao.min", "zhao.min")


def test_nobody_stands_in_for_their_own_supervisor_in_their_own_matter(company):
    Deputy.objects.create(
        principal_id=company.people["zhao.min"], deputy_id=company.people["li.wei"],
        valid_from=DAY, valid_to=DAY, reason="培训",
    )  # fmt: skip

    assert who(company, SUPERVISOR) == ("zhao.min", "zhao.min")
    assert who(company, SUPERVISOR, "wang.fang") == ("li.wei", "zhao.min")


def test_a_supervisors_own_matter_goes_to_the_manager_above(company):
    assert who(company, SUPERVISOR, "zhao.min")[0] == "chen.gang"


def test_somebody_without_an_account_or_post_leaves_the_role_open(company):
    Person.objects.filter(pk=company.people["li.wei"]).update(account=None)

    employee = company.people["li.wei"]
    assert Duties().fill([EMPLOYEE], {employee: "/C/R1/T-A/"}, DAY)[EMPLOYEE, employee] == ()
    for code in ("zhao.min", "chen.gang", "zhou.jie", "sun.li"):
        end(company, code)
    assert Duties().fill([SUPERVISOR], {employee: "/C/R1/T-A/"}, DAY)[SUPERVISOR, employee] == ()


def test_the_matter_of_somebody_who_has_left_stays_with_the_managers_of_the_place(company):
    end(company, "li.wei")

    assert who(company, SUPERVISOR)[0] == "zhao.min"


def test_the_next_manager_of_each(company):
    accounts = dict(Person.objects.values_list("code", "account_id"))
    above = Duties().above([accounts[code] for code in ("li.wei", "zhao.min", "chen.gang", "zhou.jie")], DAY)

    names = {accounts[code]: code for code in accounts}
    assert {names[one]: names[other] for one, other in above.items()} == {
        "li.wei": "zhao.min", "zhao.min": "chen.gang", "chen.gang": "zhou.jie",
    }  # fmt: skip
