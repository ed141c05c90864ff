"""An administrator writes a rule: told what is wrong while typing, sees whom it would have lit, publishes it."""


def test_a_rule_is_checked_while_it_is_written_tried_and_published(walk):
    one = walk()
    one.sign_in("adm")
    page = one.page
    page.goto(f"{one.house}/studio/rules/new/")
    page.fill("input[name=code]", "visits-low")
    page.fill("input[name=name]", "拜访不足")
    page.check("input[name=metrics][value=sales]")
    page.fill("textarea[name=condition]", "pace < 0.9 and visit_last_14d < 8")
    page.wait_for_selector("#checked mark")
    assert page.inner_text("#checked mark") == "visit_last_14d"
    assert "是否想写 visits_last_14d" in page.inner_text("#checked")
    page.fill("textarea[name=condition]", "pace < 0.9 and visits_last_14d < 80")
    page.wait_for_selector("#checked .lit")
    assert "而且只在这时才亮" in page.inner_text("#checked")
    assert one.sideways() == 0

    page.click(".rule-said button")
    page.wait_for_url("**/studio/rules/visits-low/")
    assert page.locator("table.tried tbody tr").count() == 4
    page.fill("input[name=reason]", "年底前先看拜访")
    page.click("#publish button.primary")
    page.wait_for_selector("#toast p")
    assert "第 1 版" in page.inner_text("#toast")
    assert page.locator("#publish").count() == 0


def test_rules_and_schedule_fit_a_phone(walk):
    one = walk(phone=True)
    one.sign_in("adm")
    for address in ("/studio/rules/", "/studio/rules/new/", "/studio/schedule/", "/studio/schedule/lights.checkpoint/"):
        one.page.goto(f"{one.house}{address}")
        assert one.sideways() == 0, address
