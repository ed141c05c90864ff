"""Cases under any order of checkpoints, deeds, deputies, silence and days: what the flows promise holds after every step."""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from hangbiao.engines.flows import services
from hangbiao.engines.flows.errors import AlreadyDone, NotYours
from hangbiao.engines.flows.models import Case, Task
from hangbiao.engines.flows.services import Subject
from hangbiao.engines.journal.models import Entry
from tests.engines.flows.world import BODY

SHANGHAI = ZoneInfo("Asia/Shanghai")
BEGIN = datetime(2025, 9, 26, 9, 0, tzinfo=SHANGHAI)  # National Day and its make-up days lie ahead
WHO = {"actor": "system:test", "zone": SHANGHAI}
LEVELS = {"yellow": 1, "red": 2}
SUBJECTS = st.sampled_from([1, 2, 3])


class Cases(RuleBasedStateMachine):
    """One small company's cases; each run is a savepoint that is rolled back."""

    people = None  # the table of tests/engines/flows/world.py, set by the test

    def __init__(self):
        super().__init__()
        self.mark = transaction.atomic()
        self.mark.__enter__()
        self.now, self.lines, self.told_late = BEGIN, Entry.objects.count(), {}
        self.levels, self.due, self.closed = {}, {}, {}
        services.publish(body=BODY, at=BEGIN, actor="system:test")
        self.version = 1

    def teardown(self):
        self.people.deputies.clear()
        self.people.vacant.clear()
        transaction.set_rollback(True)
        self.mark.__exit__(None, None, None)

    @rule(lit=st.dictionaries(SUBJECTS, st.sampled_from(["yellow", "red"]), min_size=1))
    def a_checkpoint_lights(self, lit):
        before = set(Case.objects.filter(closed_at=None).values_list("subject_id", flat=True))
        done = services.open_cases(
            flow="test_response", triggered_at=self.now, at=self.now, **WHO,
            subjects=[Subject(n, f"/C/R1/T{n}/", LEVELS[light], {"highest_light": light}) for n, light in lit.items()],
        )  # fmt: skip
        assert {subject for subject, _case in done.of_subjects} == set(lit) - before

    @rule(data=st.data(), agrees=st.booleans())
    def somebody_does_their_part(self, data, agrees):
        tasks = list(Task.objects.filter(state="open", assignee__isnull=False).order_by("pk"))
        if not tasks:
            return
        task = data.draw(st.sampled_from(tasks))
        said = services.decisions(services.flow_of(task.case.definition).step(task.step), task.part)
        decision = said[0] if agrees or len(said) == 1 else said[1]
        before = Entry.objects.filter(stream=f"case:{task.case_id}").count()
        services.act(task=task.pk, account=task.assignee_id, decision=decision, answer={"reason": "因为"}, at=self.now, **WHO)
        assert Entry.objects.filter(stream=f"case:{task.case_id}").count() > before

    @rule(data=st.data())
    def a_whole_step_is_done(self, data):
        open_ = list(Case.objects.filter(closed_at=None).order_by("pk"))
        if not open_:
            return
        case = data.draw(st.sampled_from(open_))
        flow = services.flow_of(case.definition)
        while (task := Task.objects.filter(case=case, state="open", assignee__isnull=False, step=case.step).first()):
            decision = services.decisions(flow.step(task.step), task.part)[0]
            services.act(task=task.pk, account=task.assignee_id, decision=decision, at=self.now, **WHO)

    @rule(data=st.data())
    def somebody_tries_what_is_not_theirs(self, data):
        task = data.draw(st.sampled_from(list(Task.objects.order_by("pk")) or [None]))
        if task is None:
            return
        stranger = data.draw(st.sampled_from(sorted(set(self.people.accounts.values()) - {task.assignee_id})))
        with pytest.raises(NotYours):
            services.act(task=task.pk, account=stranger, decision="done", at=self.now, **WHO)
        if task.state != "open" and task.assignee_id:
            with pytest.raises(AlreadyDone):
                services.act(task=task.pk, account=task.assignee_id, decision="done", at=self.now, **WHO)

    @rule(days=st.integers(1, 12))
    def days_pass_and_the_sweep_runs(self, days):
        self.now += timedelta(days=days)
        services.sweep(at=self.now, **WHO)
        services.sweep(at=self.now, **WHO)

    @rule(role=st.sampled_from(["supervisor", "region_manager"]), away=st.booleans())
    def somebody_is_away_or_back(self, role, away):
        account = self.people.accounts[role]
        if away:
            self.people.deputies[account] = self.people.accounts["deputy"]
        else:
            self.people.deputies.pop(account, None)
        services.settle(on=self.now.date(), at=self.now, actor="system:test")

    @rule(days=st.integers(2, 9))
    def the_administrator_publishes_another_version(self, days):
        self.version = services.publish(body=BODY | {"due_workdays": days}, at=self.now, actor="system:test").version

    @invariant()
    def nobody_has_two_open_cases(self):
        open_ = Case.objects.filter(closed_at=None).values_list("subject_id", flat=True)
        assert max(Counter(open_).values(), default=0) <= 1

    @invariant()
    def an_open_case_waits_for_somebody_and_a_closed_one_for_nobody(self):
        waiting = set(Task.objects.filter(state="open").values_list("case_id", flat=True))
        open_ = set(Case.objects.filter(closed_at=None).values_list("pk", flat=True))
        assert waiting == open_

    @invariant()
    def seriousness_rises_and_deadline_version_and_end_stay(self):
        for case in Case.objects.all():
            assert case.level >= self.levels.get(case.pk, 0)
            assert (case.due_on, case.definition_id) == self.due.setdefault(case.pk, (case.due_on, case.definition_id))
            assert case.pk not in self.closed or (case.closed_at, case.outcome) == self.closed[case.pk]
            self.levels[case.pk] = case.level
            if case.closed_at:
                self.closed[case.pk] = (case.closed_at, case.outcome)

    @invariant()
    def silence_approves_nothing(self):
        assert not Task.objects.filter(state="done", done_by__isnull=True).exists()
        for case in Case.objects.filter(outcome="closed"):
            assert case.tasks.filter(step="confirm", decision="agree", state="done").exists()
            assert case.level < LEVELS["red"] or case.tasks.filter(step="director", decision="agree").exists()

    @invariant()
    def what_is_late_was_told_once(self):
        for task in Task.objects.filter(escalated_at__isnull=False):
            assert task.escalated_at == self.told_late.setdefault(task.pk, task.escalated_at)


def test_what_the_flows_promise_holds_after_every_step(people):
    Cases.people = people
    run_state_machine_as_test(
        Cases,
        settings=settings(
            max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck),
            phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a run is long: shrinking one takes minutes
        ),
    )
