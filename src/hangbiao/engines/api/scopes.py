"""What a key may be allowed to do."""

from django.utils.translation import gettext as _

READ_BOARD = "read:board"
READ_LIGHTS = "read:lights"
READ_TARGETS = "read:targets"
READ_PEOPLE = "read:people"
READ_BATCHES = "read:batches"
READ_TASKS = "read:tasks"
PUSH_ACTUALS = "push:actuals"
SCOPES = (READ_BOARD, READ_LIGHTS, READ_TARGETS, READ_PEOPLE, READ_BATCHES, READ_TASKS, PUSH_ACTUALS)


def scope_word(scope: str) -> str:
    """What a scope lets a program do, for the page on which keys are made."""
    words = {
        READ_BOARD: _("读看板和单位完成情况"), READ_LIGHTS: _("读亮灯、完成情况和评估"), READ_TARGETS: _("读目标和版本"),
        READ_PEOPLE: _("读人员和单位"), READ_BATCHES: _("读自己推送的批次"),
        READ_TASKS: _("读等着密钥负责人的事"), PUSH_ACTUALS: _("推送实际数据"),
    }  # fmt: skip
    return words.get(scope, scope)
