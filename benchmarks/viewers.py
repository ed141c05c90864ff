"""Eyes for a company of `company.build`: regions, posts and accounts for everybody, checkpoints, a forecast."""

from dataclasses import dataclass
from datetime import date

from benchmarks.company import AT, LAST_FACT, START

CHECKPOINTS = (date(2026, 11, 25), date(2026, 12, 9), date(2026, 12, 23))
REGIONS = 18

# Everything set by set: 34 000 people through the services would take longer than what is measured.
PEOPLED = (
    """INSERT INTO people_unit (code, name, name_en, kind, province, path, valid_from, parent_id)
       SELECT 'R' || n, '大区' || n, 'Region ' || n, 'region',
              (ARRAY['四川', '河南', '江苏', '山东', '广东', '浙江'])[1 + n %% 6], '/C/R' || n || '/', %(start)s, c.id
       FROM generate_series(0, %(regions)s - 1) n, people_unit c WHERE c.code = 'C'
       AND EXISTS (SELECT FROM people_unit t WHERE t.path LIKE '/C/R' || n || '/%%')""",
    """UPDATE people_unit t SET parent_id = r.id, name = r.name || t.code || '组' FROM people_unit r
       WHERE t.kind = 'team' AND r.kind = 'region' AND t.path LIKE r.path || '%%'""",
    """UPDATE people_person p SET name = substr('王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹', 1 + n %% 30, 1)
              || substr('伟芳敏静强磊军洋勇艳杰娟涛明超秀霞平刚桂', 1 + n / 30 %% 20, 1)
              || substr('一之子文安志建国海春', 1 + n / 600 %% 10, 1)
       FROM (SELECT id, substr(code, 2)::int AS n FROM people_person) o WHERE o.id = p.id""",
    """INSERT INTO people_person (code, name, name_en, mail)
       SELECT 'S' || code, '主管' || code, '', '' FROM people_unit WHERE kind = 'team'
       UNION ALL SELECT 'M' || code, '经理' || code, '', '' FROM people_unit WHERE kind = 'region'
       UNION ALL SELECT 'HRBP', '人事', '', '' UNION ALL SELECT 'X1', '高管', '', ''
       UNION ALL SELECT 'ADM', '管理', '', ''""",
    """INSERT INTO accounts_account (password, username, name, name_en, locale, theme, is_active, mail)
       SELECT '!', lower(code), name, '', 'zh-hans', '', TRUE, '' FROM people_person""",
    "UPDATE people_person p SET account_id = a.id FROM accounts_account a WHERE a.username = lower(p.code)",
    """INSERT INTO people_post (person_id, unit_id, role, valid_from, open_ended)
       SELECT p.id, t.unit_id, 'rep', %(start)s::date, TRUE
       FROM people_person p JOIN people_territory t ON t.code = p.code
       UNION ALL SELECT p.id, u.id, CASE u.kind WHEN 'team' THEN 'supervisor' ELSE 'region_manager' END, %(start)s, TRUE
       FROM people_person p JOIN people_unit u ON p.code IN ('S' || u.code, 'M' || u.code)
       UNION ALL SELECT p.id, u.id, 'hrbp', %(start)s, TRUE
       FROM people_person p JOIN people_unit u ON u.code IN ('R0', 'R1', 'R2', 'R3') WHERE p.code = 'HRBP'
       UNION ALL SELECT p.id, u.id, CASE p.code WHEN 'X1' THEN 'executive' ELSE 'administrator' END, %(start)s, TRUE
       FROM people_person p JOIN people_unit u ON u.code = 'C' WHERE p.code IN ('X1', 'ADM')""",
    """INSERT INTO people_assignment (territory_id, person_id, valid_from, open_ended)
       SELECT t.id, p.id, %(start)s, TRUE FROM people_person p JOIN people_territory t ON t.code = p.code""",
)
TABLES = ("people_unit", "people_person", "accounts_account", "people_post", "people_assignment")


@dataclass(frozen=True)
class Cast:
    """Who looks, by user name, and what there is to look at."""

    executive: str = "x1"
    manager: str = "mr0"
    hrbp: str = "hrbp"
    supervisor: str = "st0"
    rep: str = "p0"
    administrator: str = "adm"
    region: str = "R0"
    team: str = "T0"
    person: str = "P0"


def people_it() -> Cast:
    """Give the company regions, posts, accounts, official lights and a preview. Needs a scope that sees everything."""
    from django.db import connection

    from benchmarks.company import analyse
    from hangbiao.rooms.lights.services import evaluate, project

    with connection.cursor() as cursor:
        for statement in PEOPLED:
            cursor.execute(statement, {"start": START, "regions": REGIONS})
    analyse(*TABLES)
    who = {"at": AT, "actor": "system:bench"}
    for day in CHECKPOINTS:
        evaluate(as_of=day, kind="checkpoint", **who)
    project(evaluate(as_of=LAST_FACT, kind="preview", **who))
    analyse("lights_light", "lights_unitlight", "lights_projection", "desk_notice")
    return Cast()
