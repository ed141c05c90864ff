"""Every text of the program has its English, and the catalogue holds nothing that nobody says."""

import messages


def test_no_text_lacks_its_english():
    assert messages.missing() == []


def test_the_catalogue_holds_nothing_left_over():
    assert messages.left_over() == []


def test_a_text_inside_an_f_string_is_found(tmp_path, monkeypatch):
    (tmp_path / "a.py").write_text("x = f\"{_('内文')} {n}\"\n")
    monkeypatch.setattr(messages, "SOURCE", tmp_path)

    assert messages.found() == {"内文": {"a.py"}}
