"""Which employee is it? What files say of people's mail addresses and directory ids, and what a sign-on matches by."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from hangbiao.rooms.people.models import DirectoryId, Person
from hangbiao.rooms.people.rows import PersonRow, RowRefusal
from hangbiao.rooms.people.spans import AT_ONCE


@dataclass(slots=True)
class Known:
    """Whose mail addresses and directory ids these are, by employee code; loaded once for a whole file."""

    mails: dict[str, str]
    ids: dict[tuple[str, str], str]
    new: dict[tuple[str, str], str] = field(default_factory=dict)  # (directory, employee code) → id

    @classmethod
    def load(cls) -> "Known":
        mails = Person.objects.exclude(mail="").values_list("mail", "code")
        ids = DirectoryId.objects.values_list("directory", "value", "person__code")
        return cls(
            {mail.lower(): code for mail, code in mails},
            {(directory, value): code for directory, value, code in ids},
        )

    def trouble(self, index: int, row: PersonRow) -> RowRefusal | None:
        """A mail address that is none, or one (or a directory id) that somebody else has."""
        if row.mail:
            try:
                validate_email(row.mail)
            except ValidationError:
                return RowRefusal(index, "mail", row.mail, _("这不是一个邮箱地址。"), _("请改正或留空。"))
        named = [("mail", row.mail, self.mails.get(row.mail.lower()))] if row.mail else []
        named += [(d, value, self.ids.get((d, value))) for d, value in row.directory_ids.items()]
        for column, value, owner in named:
            if owner and owner != row.person:
                reason = _("%(value)s 已经属于工号 %(code)s。") % {"value": value, "code": owner}
                return RowRefusal(index, column, value, reason, _("请核对是哪一位，改正后重新导入。"))
        return None

    def claim(self, row: PersonRow) -> None:
        """The row is taken: nobody after it may have the same address or id. What it leaves empty stays as it was."""
        if row.mail:
            self.mails[row.mail.lower()] = row.person
        for directory, value in row.directory_ids.items():
            if self.ids.get((directory, value)) != row.person:
                self.ids[directory, value] = row.person
                self.new[directory, row.person] = value

    def save(self) -> None:
        """Write the new ids; one that a person had before in the same directory gives way."""
        people = dict(Person.objects.filter(code__in={code for _d, code in self.new}).values_list("code", "pk"))
        for directory in {directory for directory, _code in self.new}:
            theirs = [people[code] for d, code in self.new if d == directory]
            DirectoryId.objects.filter(directory=directory, person__in=theirs).delete()
        DirectoryId.objects.bulk_create(
            [
                DirectoryId(directory=directory, person_id=people[code], value=value)
                for (directory, code), value in self.new.items()
            ],
            batch_size=AT_ONCE,
        )
