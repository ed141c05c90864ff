"""What cannot be printed, each with a sentence for the reader."""

from django.utils.translation import gettext as _


class NoChineseFont(Exception):
    """No font on this machine can print Chinese."""

    status = 503

    def sentence(self) -> str:
        return _(
            "这台服务器上没有中文字体，所以暂时不能生成 PDF。请管理员安装 fonts-noto-cjk，"
            "或用 HANGBIAO_FONTS 指明字体目录；表格仍可以导出为 XLSX 和 CSV。"
        )


class NotPrinted(Exception):
    """A template did not compile: a fault of ours, not of the reader's."""
