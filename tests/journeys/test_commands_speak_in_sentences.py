"""What a new administrator meets at the terminal: whatever is missing is a sentence with exit code 1, no traceback."""

import os
import subprocess
import sys
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

from hangbiao.rooms.people.models import Person
from hangbiao.site.database import extras, named, parts

ELSEWHERE = "postgresql://somebody:secret@127.0.0.1:1/nothing"


def hangbiao(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "hangbiao.site.cli", *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
        timeout=120,
    )


def refused_with(done: subprocess.CompletedProcess[str], *words: str) -> bool:
    assert "Traceback" not in done.stderr, done.stderr[-2000:]
    assert done.returncode == 1, (done.returncode, done.stderr[-500:])
    return all(word in done.stderr for word in words)


@pytest.fixture
def empty_database(own_database):
    """A database without a single table, on the same server."""
    name = f"{own_database.name}_empty"
    with psycopg.connect(own_database.url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield named(own_database.url, name)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (ELSEWHERE, ["127.0.0.1", "cannot be used"]),
        ("mysql://root@localhost/x", ["postgresql://", "mysql://"]),
    ],
)
@pytest.mark.parametrize("verb", [["migrate"], ["evaluate"], ["demo", "--once"]])
def test_a_database_that_does_not_answer_is_named_without_its_password(verb, url, said, tmp_path):
    done = hangbiao(*verb, DATABASE_URL=url, HANGBIAO_HOME=str(tmp_path))

    assert refused_with(done, *said)
    assert "secret" not in done.stderr


@pytest.mark.parametrize(
    "verb", [["evaluate"], ["doctor"], ["export", "lights"], ["journal", "verify"], ["worker", "--once"]]
)
def test_without_tables_every_verb_says_to_migrate(verb, empty_database):
    assert refused_with(hangbiao(*verb, DATABASE_URL=empty_database), "Run `hangbiao migrate` first")


def test_a_day_that_is_none_is_named(empty_database):
    done = hangbiao("evaluate", "--as-of", "yesterday", DATABASE_URL=empty_database)

    assert done.returncode == 2
    assert "'yesterday' is no day" in done.stderr


def test_a_user_who_may_not_make_roles_is_told_which_right_is_missing(empty_database):
    """On a server of its own right the role is there already; so ask as somebody who may not even touch the schema."""
    where, name = parts(empty_database), f"poor_{os.getpid()}"
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'p'").format(sql.Identifier(name)))
        try:
            port = f"&port={where['PORT']}" if where["PORT"] else ""
            url = f"postgresql://{name}:p@/{where['NAME']}?host={quote(where['HOST'], safe='')}{port}"
            assert refused_with(hangbiao("migrate", DATABASE_URL=url), "lacks a right", "CREATEROLE")
        finally:
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def test_the_demo_keeps_out_of_a_database_that_holds_a_company(own_database, tmp_path):
    Person.objects.create(code="somebody", name="某人")

    for words in (["demo", "--once"], ["demo", "--once", "--fresh"]):
        done = hangbiao(*words, DATABASE_URL=own_database.url, HANGBIAO_HOME=str(tmp_path))
        assert refused_with(done, "DATABASE_URL")


def test_with_demo_a_verb_reads_the_demo_companys_database_and_clock(tmp_path):
    asked = (
        "import sys, os; from hangbiao.site import boot, clock; from hangbiao.site.home import demo_home\n"
        "boot.act_on_the_demo()\n"
        "print(os.environ['HANGBIAO_DATABASE'], os.environ['HANGBIAO_LANDING'], demo_home().name)"
    )

    def said(**more: str) -> list[str]:
        environment = {
            k: v
            for k, v in os.environ.items()
            if not k.startswith(("HANGBIAO_DEMO", "DATABASE", "HANGBIAO_LANDING"))
        }
        done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True,
                              env={**environment, "HANGBIAO_HOME": str(tmp_path), **more})  # fmt: skip
        return done.stdout.split()

    assert said() == ["hangbiao_demo", "demo/landed", "demo"]
    outside = said(DATABASE_URL=ELSEWHERE)
    assert outside[1] == f"{outside[2]}/landed"
    assert outside[2] not in {"demo", said(DATABASE_URL=ELSEWHERE + "2")[2]}


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://a%40b:p%3A1%2Fx%3F@db.example:5433/old?sslmode=require",
        "postgresql://postgres:@/old?host=%2Ftmp%2Fa%20b",
        "postgresql://u@[::1]:5432/old",
    ],
)
def test_the_address_of_a_neighbouring_database_keeps_user_password_and_place(url):
    assert parts(named(url, "new")) == parts(url) | {"NAME": "new"}
    assert extras(named(url, "new")) == extras(url)


def test_what_an_address_asks_of_the_connection_reaches_it():
    asked = "from hangbiao.site import settings; print(settings.DATABASES['default']['OPTIONS']['sslmode'])"
    environment = os.environ | {"DATABASE_URL": "postgresql://u@db.example/x?sslmode=verify-full"}

    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, env=environment)

    assert done.stdout.strip() == "verify-full"
