"""Provinces as equal tiles, roughly where they lie: no political map, and small ones are legible."""

from dataclasses import dataclass

from hangbiao.engines.pages.numbers import is_chinese
from hangbiao.rooms.board.figures import Figures

# name: (row, column, two letters for the English tile, English name)
PLACES = {
    "山东": (0, 3, "SD", "Shandong"), "河南": (1, 2, "HA", "Henan"), "江苏": (1, 3, "JS", "Jiangsu"),
    "上海": (1, 4, "SH", "Shanghai"), "四川": (2, 0, "SC", "Sichuan"), "湖北": (2, 1, "HB", "Hubei"),
    "安徽": (2, 2, "AH", "Anhui"), "浙江": (2, 4, "ZJ", "Zhejiang"), "湖南": (3, 1, "HN", "Hunan"),
    "江西": (3, 2, "JX", "Jiangxi"), "福建": (3, 3, "FJ", "Fujian"), "广东": (4, 2, "GD", "Guangdong"),
}  # fmt: skip


def province_name(province: str) -> str:
    """The province in the reader's language, as it is where we know no other."""
    return province if is_chinese() or province not in PLACES else PLACES[province][3]


@dataclass(frozen=True, slots=True)
class Tile:
    """One province: what stands on it and where it lies; no place means "after the one before"."""

    province: str
    label: str
    light: str
    figures: Figures
    place: str

    @property
    def name(self) -> str:
        """The whole name."""
        return province_name(self.province)


def tiles_of(provinces: dict[str, tuple[str, Figures]]) -> list[Tile]:
    """Real positions if all provinces are known ones, else one after the other."""
    known = all(province in PLACES for province in provinces)
    tiles = []
    for province, (light, figures) in provinces.items():
        row, column, letters, _name = PLACES.get(province, (0, 0, province, province))
        label = province if is_chinese() else letters
        tiles.append(Tile(province, label, light, figures, f"r{row} c{column}" if known else ""))
    return tiles
