"""Every refusal in words: what is wrong, and what to do. One place, so that no refusal is without a remedy."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from hangbiao.engines.pages.numbers import is_chinese

_SENTENCES = {
    # files
    "missing": (lazy("没有这个文件：%(file)s。"), lazy("请核对数据目录和文件名。")),
    "empty_file": (lazy("文件是空的，一个字节也没有。"), lazy("请重新导出后再发送。")),
    "only_header": (lazy("文件只有表头，没有数据行。"), lazy("如果确实没有数据，无需处理；否则请重新导出。")),
    "encoding": (
        lazy("第 %(line)s 行附近的文字不是 %(encoding)s 编码，无法读出。"),
        lazy("请另存为 UTF-8，或在映射的 format.encoding 中写明编码。"),
    ),
    "unknown_encoding": (
        lazy("不认识编码 %(encoding)s。"),
        lazy("可用：auto、utf-8、utf-16、gbk、gb18030。"),
    ),
    "nul_bytes": (
        lazy("第 %(line)s 行含有空字符（NUL），这不是文本文件，或者编码写错了。"),
        lazy("请重新导出为文本；UTF-16 文件请在映射中写明编码。"),
    ),
    "line_too_long": (
        lazy("第 %(line)s 行超过 %(limit)s 个字符，不像一行数据。"),
        lazy("请检查换行符和引号是否完整，再重新导出。"),
    ),
    "broken_quotes": (
        lazy("第 %(line)s 行的引号没有配对（%(why)s）。"),
        lazy("请检查该行的双引号；字段内的双引号要写成两个。"),
    ),
    "no_header": (lazy("第一行没有列名。"), lazy("请加上表头，或在映射中写 header: false 和 columns。")),
    "duplicate_header": (
        lazy("表头中有重名的列：%(columns)s。"),
        lazy("请改名，让映射要用的每一列只出现一次。"),
    ),
    "columns_absent": (
        lazy("文件里没有映射要用的列：%(columns)s。文件的列是：%(have)s。%(near)s"),
        lazy("请改正表头或映射；也可能是分隔符不对。"),
    ),
    "zip_bomb": (
        lazy("工作簿解压后有 %(size)s MB（压缩比 %(ratio)s），超过上限 %(limit)s MB，不会打开。"),
        lazy("请拆成几个文件，或另存为 CSV。"),
    ),
    "not_a_workbook": (
        lazy("这不是可以打开的 XLSX 工作簿（%(why)s）。"),
        lazy("请用 Excel 或 WPS 另存为 .xlsx 再发送。"),
    ),
    "is_a_workbook": (
        lazy("这是一个 Excel 工作簿，但映射说它是文本文件。"),
        lazy("请在映射中写 format: {kind: xlsx}，或另存为 CSV。"),
    ),
    "no_sheet": (
        lazy("工作簿里没有名为 %(sheet)s 的工作表，只有：%(have)s。"),
        lazy("请改正映射中的 format.sheet。"),
    ),
    "too_many_rows": (lazy("工作表的行号超过 %(limit)s。"), lazy("请删去空行，或另存为 CSV。")),
    "sum_too_large": (lazy("这些行加起来超出了系统能记录的范围。"), lazy("请检查金额的单位和小数点。")),
    "strict": (
        lazy("映射要求全部正确（strict: true），但有 %(count)s 行不能入账，所以整个文件都没有入账。"),
        lazy("请按下面的说明改正后重新发送。"),
    ),
    "mixed_units": (
        lazy("映射说字段 %(column)s 的单位是 %(unit)s，指标 %(metric)s 的单位是 %(want)s。"),
        lazy("请改正单位；成倍的单位（如万元）请写 unit: %(want)s 和 times: 10000。"),
    ),
    "no_definitions": (
        lazy("没有任何指标定义，不知道怎样计算每日数值。"),
        lazy("请在映射目录中加上 metrics.yaml。"),
    ),
    # rows and cells
    "wrong_width": (lazy("这一行有 %(have)s 列，表头有 %(want)s 列。"), lazy("请检查分隔符和引号。")),
    "required": (lazy("这一格不能为空。"), lazy("请补上数值。")),
    "not_a_number": (lazy("这里应当是数字。"), lazy("请只写数字，不带单位或文字。")),
    "looks_like_a_date": (lazy("这里应当是数字，读到的像日期。"), lazy("请检查这一列是否与日期列对调了。")),
    "looks_like_a_number": (lazy("这里应当是日期，读到的像数字。"), lazy("请检查这一列是否与数字列对调了。")),
    "not_finite": (lazy("NaN 和无穷大不是可以入账的数字。"), lazy("请写出实际数值；没有数据就删去这一行。")),
    "scientific": (
        lazy("科学记数法可能已经丢失了数位。"),
        lazy("请在 Excel 中把单元格格式改成数值后重新导出。"),
    ),
    "too_large": (lazy("数字超过了 %(limit)s，不像真实数据。"), lazy("请检查单位和小数点。")),
    "too_precise": (
        lazy("这里最多 %(places)s 位小数，多出的位数会丢失，所以不自动舍入。"),
        lazy("请在来源处舍入到 %(places)s 位小数。"),
    ),
    "thousands": (lazy("千分位的位置不对。"), lazy("请检查映射中的 thousands 和 decimal 是否写反了。")),
    "not_whole": (lazy("这里应当是整数。"), lazy("请改成整数。")),
    "not_a_date": (lazy("这里应当是 %(format)s 格式的日期。"), lazy("请改正日期，或在映射中写明日期格式。")),
    "future": (
        lazy("日期在将来（今天是 %(today)s）。"),
        lazy("请改正日期；计划中的数据请用计划类的数据流。"),
    ),
    "too_old": (lazy("日期早于 2000 年。"), lazy("请改正日期，或检查日期格式。")),
    "too_far": (lazy("日期晚于 2100 年。"), lazy("请改正日期，或检查日期格式。")),
    "choice": (lazy("这里只能是：%(choices)s。"), lazy("请改正，或在映射中用 replace 翻译。")),
    "too_long": (lazy("文字超过 %(limit)s 个字符。"), lazy("请缩短。")),
    "control_character": (lazy("文字里有不可见的控制字符。"), lazy("请删去后重新导出。")),
    "formula": (lazy("公式单元格的结果不可靠。"), lazy("请复制后选择性粘贴为数值。")),
    "excel_error": (lazy("单元格是 Excel 错误值。"), lazy("请改正公式或数值。")),
    "unknown_person": (lazy("没有编号为 %(value)s 的人员。"), lazy("请先导入该人员，或改正编号。")),
    "unknown_territory": (lazy("没有编号为 %(value)s 的片区。"), lazy("请先导入该片区，或改正编号。")),
    "unknown_metric": (
        lazy("没有编号为 %(value)s 的指标。"),
        lazy("请先在 metrics.yaml 中定义它，或改正编号。"),
    ),
    "outside_scope": (
        lazy("%(value)s 不在这个密钥可以写入的范围内。"),
        lazy("请改正编号，或请系统管理员发一个范围更大的密钥。"),
    ),
    "business": ("%(reason)s", "%(remedy)s"),
    # undoing
    "undo_master": (
        lazy(
            "批次里是主数据或目标（%(stream)s），后来的目标、归属和签字可能已经建立在它上面，所以不能整批撤销。"
        ),
        lazy("请发送更正后的文件；旧值留在记录里。"),
    ),
    "undo_recredit": (
        lazy("这一批只是把已入账的行改归到当时任职的人和片区，没有带来新的行。"),
        lazy("如果归属不对，请改正任职或片区分配，系统会再次重新归属。"),
    ),
    "undo_undone": (
        lazy("批次 %(batch)s 已由批次 %(by)s 撤销。"),
        lazy("要恢复它，请撤销批次 %(by)s。"),
    ),
    "undo_vague": (
        lazy(
            "后来的批次 %(batches)s 里有与已入账内容相同的行，当时的版本没有记下是哪些行，无法准确算出撤销后的结果。"
        ),
        lazy("请用更正文件改回。"),
    ),
    "undo_absent": (
        lazy("撤销需要的落地文件不见了：%(files)s。"),
        lazy("请先从备份恢复这些文件。"),
    ),
}


def sentence(code: str, facts: Mapping[str, object]) -> tuple[str, str]:
    """Reason and remedy of a refusal, in the reader's language."""
    reason, remedy = _SENTENCES[code]
    said = {k: _listed(v) for k, v in facts.items()}
    return str(reason) % said, str(remedy) % said


def _listed(value: object) -> object:
    return _("、").join(map(str, value)) if isinstance(value, list | tuple) else value


def joined(*said: str) -> str:
    """Sentences one after the other: with a space between them where the language has one."""
    return ("" if is_chinese() else " ").join(filter(None, said))


def near(absent: str, have: str) -> str:
    """A guess at what was meant."""
    return _("（是不是“%(have)s”？）") % {"have": have, "absent": absent}
