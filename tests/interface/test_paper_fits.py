"""The one-page paper stays one page whatever stands on it."""

import subprocess

import pytest


@pytest.fixture
def paper():
    """Data as briefing_of gives them, for as many people as one likes."""

    def made(people: int, *, wide: bool = False) -> dict:
        name = "Bartholomew Featherstonehaugh-Cholmondeley" if wide else "王伟"
        bar = {"attained": 0.4, "pace": 0.5, "ceiling": 1.2, "low": 0.7, "point": 0.8, "high": 0.9}
        row = {
            "name": name, "team": "East Guangdong team 12" if wide else "一队", "light": "red", "word": "红灯", "bullet": bar,
            "attained": "40.0%", "gap": "−10.0", "marks": ["red"] * 7, "forecast": "80%", "a_week": "1,234.5 万元",
        }  # fmt: skip
        said = "完成 16.3%，比今日应达少 21.4 万元。剩余 5 周每周要 8.8 万元，至今每周 1.1 万元。" * (2 if wide else 1)
        return {
            "brand": "航标", "lang": "zh", "title": name if wide else "豫南 · 周会", "when": "2026Q4", "tag": "预览",
            "lead": said, "worst": "红灯最多：甲 1、乙 2、丙 3。", "footer": "航标", "made": "2026-11-26", "notes": "记下",
            "kpis": [
                {"kind": "figure", "name": "完成", "figure": "26.1%", "bullet": bar, "top": 1.2, "notes": [said[:30]]},
                {"kind": "figure", "name": "预测", "figure": "42.9%", "notes": ["80% 区间", "概率"]},
                {"kind": "lights", "name": "亮灯", "notes": [""], "lights": [
                    {"light": light, "word": "No light", "n": 999} for light in ("red", "yellow", "green", "grey")]},
                {"kind": "day", "name": "检查点", "figure": "12月9日 周三", "notes": ["窗口"]},
            ],
            "people": {"name": "人员", "note": "", "head": list("abcdefghi"), "rows": [row] * people, "more": "另有 9 人"},
            "trend": "<svg xmlns='http://www.w3.org/2000/svg' width='330' height='200'></svg>", "trend_name": "走势",
            "talk_name": "谈", "talk": [{"light": "red", "head": name, "said": said}] * 5, "quiet": "",
        }  # fmt: skip

    return made


@pytest.mark.parametrize("people", [0, 1, 9, 14, 17, 20])
@pytest.mark.parametrize("wide", [False, True])
def test_one_page(paper, people, wide):
    from hangbiao.engines.papers.press import printed
    from hangbiao.rooms.board.briefing import TEMPLATE

    made = printed(TEMPLATE, paper(people, wide=wide))

    assert pages(made) == 1


def pages(pdf: bytes) -> int:
    try:
        said = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=False).stdout.decode()
    except FileNotFoundError:
        pytest.skip("pdfinfo (poppler-utils) is not here")
    return int(said.split("Pages:")[1].split()[0])
