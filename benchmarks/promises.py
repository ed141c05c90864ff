"""What each figure must reach. A figure without a gate here is reported and nothing more."""

import operator
from collections.abc import Callable

AT_LEAST, AT_MOST = operator.ge, operator.le
Gate = tuple[Callable[[float, float], bool], float]

PROMISES: dict[str, list[Gate]] = {
    "evaluate_orm_ratio_300": [(AT_LEAST, 300)],
    "evaluate_pandas_ratio_30k": [(AT_LEAST, 25)],
    "evaluate_scan_ratio_30k": [(AT_MOST, 2)],
    "evaluate_with_upkeep_scan_ratio_30k": [(AT_MOST, 6)],
    "raw_daily_scan_ratio": [(AT_MOST, 12)],
    "raw_daily_peak_mb": [(AT_MOST, 300)],
    "replay_ratio": [(AT_MOST, 0.6)],
    "replay_rows_changed": [(AT_MOST, 0)],
    "board_cpu_ms_300": [(AT_MOST, 150)],
    "phone_js_kb": [(AT_MOST, 120)],
    "access_probes": [(AT_LEAST, 5000)],
    "access_leaks": [(AT_MOST, 0)],
    "person_page_sql_p95_ms": [(AT_MOST, 5)],
    "pages_p95_ms_30k": [(AT_MOST, 300)],
    "projection_vs_linear_38": [(AT_MOST, 0.65)],
    "projection_coverage_pct": [(AT_LEAST, 76), (AT_MOST, 88)],
    "light_recall_w8_pct": [(AT_LEAST, 75)],
    "light_recall_w10_pct": [(AT_LEAST, 88)],
    "kills": [(AT_LEAST, 60)],
    "messages_lost": [(AT_MOST, 0)],
    "messages_doubled": [(AT_MOST, 0)],
    "analysis_cause_top1_pct": [(AT_LEAST, 70)],
    "open_10k_cases_cpu_s": [(AT_MOST, 5)],
    "idle_sweep_ms_10k": [(AT_MOST, 50)],
    "act_ms": [(AT_MOST, 25)],
    "vendor_faults_met": [(AT_LEAST, 66)],  # 22 kinds that concern sending × 3 messengers
    "second_demo_s": [(AT_MOST, 15)],
    "replays_without_one_effect": [(AT_MOST, 0)],
    "replays_bodies_unequal": [(AT_MOST, 0)],
    "replays_other_body_accepted": [(AT_MOST, 0)],
    "contract_server_errors": [(AT_MOST, 0)],
    "contract_undocumented": [(AT_MOST, 0)],
    "contract_other_findings": [(AT_MOST, 0)],
    "import_crashes": [(AT_MOST, 0)],
    "import_half": [(AT_MOST, 0)],
    "import_unnamed": [(AT_MOST, 0)],
    "import_otherwise": [(AT_MOST, 0)],
    "import_peak_mb": [(AT_MOST, 512)],
    **{
        f"journal{where}_{what}": [(AT_MOST, 0)]
        for where in ("", "_outside")
        for what in ("forks", "findings", "writers_failed")
    },
}
SIGNS = {AT_LEAST: "≥", AT_MOST: "≤"}


def verdict(name: str, value: float) -> str:
    """`kept`, `MISSED` or `report`, with the gate in words."""
    gates = PROMISES.get(name)
    if not gates:
        return "report"
    words = " and ".join(f"{SIGNS[compare]} {border:g}" for compare, border in gates)
    return f"{'kept' if all(compare(value, border) for compare, border in gates) else 'MISSED'} ({words})"
