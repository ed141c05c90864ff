"""A flow that nobody could go through is refused, with every mistake at its path."""

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hangbiao.engines.flows.definition import read
from hangbiao.engines.flows.errors import BadDefinition
from tests.engines.flows.world import BODY, NAMES, ROLES


def faults_of(**changes):
    body = copy.deepcopy(BODY) | changes
    with pytest.raises(BadDefinition) as refused:
        read(body, roles=ROLES, names=NAMES)
    assert refused.value.sentence()
    return [fault.path for fault in refused.value.faults]


def steps(*changes):
    """The shipped steps, some of them changed: (number, {key: value})."""
    found = copy.deepcopy(BODY["steps"])
    for number, change in changes:
        found[number] |= change
    return found


def test_the_flow_reads_as_it_is_written():
    flow = read(BODY, roles=ROLES, names=NAMES)

    assert [step.key for step in flow.steps] == ["review", "minutes", "director", "confirm"]
    assert [step.key for step in flow.after("minutes")] == ["director", "confirm"]
    assert flow.step("director").when.names() == {"highest_light"}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"steps": []}, "steps"),
        ({"steps": "review"}, "steps"),
        ({"due_workdays": 0}, "due_workdays"),
        ({"due_workdays": "5"}, "due_workdays"),
        ({"remind_workdays": [3, 0]}, "remind_workdays[1]"),
        ({"escalate": ["the_pope"]}, "escalate[0]"),
        ({"cc": ["hrbp", "hrbp"]}, "cc[1]"),
        ({"flow": "Drop Table"}, "flow"),
        ({"name": " "}, "name"),
        ({"surprise": 1}, "surprise"),
        ({"steps": steps((0, {"who": []}))}, "steps[0].who"),
        ({"steps": steps((0, {"who": ["king"]}))}, "steps[0].who[0]"),
        ({"steps": steps((3, {"key": "review"}))}, "steps[3].key"),
        ({"steps": steps((2, {"on_reject": "confirm"}))}, "steps[2].on_reject"),
        ({"steps": steps((2, {"on_reject": "director"}))}, "steps[2].on_reject"),
        ({"steps": steps((1, {"on_reject": "review"}))}, "steps[1].on_reject"),
        ({"steps": steps((2, {"when": "highest_light = 'blue'"}))}, "steps[2].when"),
        ({"steps": steps((2, {"when": "attainment / 0 < 1"}))}, "steps[2].when"),
        ({"steps": steps((0, {"kind": "pray"}))}, "steps[0].kind"),
        ({"steps": steps((0, {"mode": "some"}))}, "steps[0].mode"),
        ({"steps": [{"key": "a", "name": "a", "who": ["hrbp"], "when": "highest_light = 'red'"}]}, "steps"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_at_its_path(change, path):
    assert set(faults_of(**change)) == {path}


def test_all_mistakes_are_named_at_once():
    found = faults_of(steps=steps((0, {"who": ["king"]}), (3, {"kind": "pray"})), due_workdays=-1)

    assert found == ["due_workdays", "steps[0].who[0]", "steps[3].kind", "steps[3].on_reject"]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*BODY, "key", "who", "x"]), inner, max_size=4),
    max_leaves=8,
)


@given(anything)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_whatever_comes_is_a_flow_or_a_list_of_mistakes(body):
    try:
        read(body, roles=ROLES, names=NAMES)
    except BadDefinition as refused:
        assert refused.faults  # noqa: PT017 - both outcomes are right
