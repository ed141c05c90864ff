"""Every text of the program has its English, and the catalogue holds nothing that nobody says."""

import pytest

import messages


def test_no_text_lacks_its_english():
    assert messages.missing() == []


def test_the_catalogue_holds_nothing_left_over():
    assert messages.left_over() == []


def test_a_text_inside_an_f_string_is_found(tmp_path, monkeypatch):
    (tmp_path / "a.py").write_text("x = f\"{_('内文')} {n}\"\n")
    monkeypatch.setattr(messages, "SOURCE", tmp_path)

    assert messages.found() == {"内文": {"a.py"}}


def test_no_chinese_stands_outside_of_marking():
    assert messages.unmarked() == []


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("a.py", "x = '没有标'\n", 1),
        ("a.py", "x = _('标了')\n", 0),
        ("a.py", '"""说明"""\nx = 1\n', 0),
        ("a.py", "x = '数据'  # zh: a word of customers' files\n", 0),
        ("templates/a.html", "<p>没有标</p>", 1),
        ("templates/a.html", "<p>{% translate '标了' %}</p>", 0),
        ("templates/a.html", "{% blocktranslate %}标了 {{ n }}{% endblocktranslate %}", 0),
        ("templates/a.html", "{{ x|default:_('标了') }}", 0),
        ("templates/a.html", "{{ x|default:'没有标' }}", 1),
    ],
)
def test_what_is_not_marked_is_found(name, text, found, tmp_path, monkeypatch):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    monkeypatch.setattr(messages, "SOURCE", tmp_path)

    assert len(messages.unmarked()) == found
