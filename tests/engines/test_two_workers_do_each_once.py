"""Two workers (here four) that look at the same moment what is due."""

import threading
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import connection, connections

from hangbiao.core.schedules import MorningAfter
from hangbiao.engines.schedules import catalogue, services
from hangbiao.engines.schedules.catalogue import Schedule
from hangbiao.engines.schedules.models import Turn

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = [date(2026, 12, 11), date(2026, 12, 23), date(2026, 12, 31)]


def test_workers_that_look_at_once_do_each_once_and_in_order(own_database):
    did, start = [], threading.Barrier(4)

    def slowly(*, occurrence, at, actor):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.05)")
        did.append(occurrence.key)
        return {}

    def work():
        start.wait()
        for _ in range(3):
            services.tick(at=datetime(2027, 1, 1, 10, tzinfo=SHANGHAI))
        connections.close_all()

    before = catalogue.schedules()
    catalogue.connect([Schedule("test", "", "", lambda _at: MorningAfter(DAYS, time(9, 30), SHANGHAI), slowly, str, each=True)])
    try:
        services.tick(at=datetime(2026, 12, 10, tzinfo=SHANGHAI))
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert did == ["2026-12-11", "2026-12-23", "2026-12-31"]
        assert Turn.objects.filter(result="done").count() == 3
    finally:
        catalogue.connect(before)
