"""Where the demo company works: real provinces, invented regions, what it sells and through whom."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Region:
    """`size` is its share of the reps; `heat` how readily causes are planted there; `stretch` its stretch factor."""

    name: str
    name_en: str
    province: str
    lat: float
    lng: float
    size: int
    stretch: float
    heat: float


REGIONS = (
    Region("上海", "Shanghai", "上海", 31.23, 121.47, 20, 1.18, 0.4),
    Region("苏南", "South Jiangsu", "江苏", 31.49, 120.31, 20, 1.20, 0.4),
    Region("苏北", "North Jiangsu", "江苏", 33.61, 119.02, 16, 1.15, 3.4),
    Region("浙北", "North Zhejiang", "浙江", 30.27, 120.15, 19, 1.22, 0.3),
    Region("浙南", "South Zhejiang", "浙江", 28.00, 120.70, 15, 1.15, 0.5),
    Region("皖中", "Central Anhui", "安徽", 31.82, 117.23, 15, 1.14, 0.6),
    Region("闽东", "East Fujian", "福建", 26.07, 119.30, 15, 1.17, 0.5),
    Region("赣中", "Central Jiangxi", "江西", 28.68, 115.86, 15, 1.12, 0.0),
    Region("鲁东", "East Shandong", "山东", 36.07, 120.38, 19, 1.16, 0.6),
    Region("鲁西", "West Shandong", "山东", 36.45, 115.98, 16, 1.13, 3.0),
    Region("豫北", "North Henan", "河南", 35.30, 113.93, 15, 1.12, 3.2),
    Region("豫南", "South Henan", "河南", 32.98, 114.02, 16, 1.10, 9.0),
    Region("鄂中", "Central Hubei", "湖北", 30.59, 114.31, 17, 1.16, 0.5),
    Region("湘中", "Central Hunan", "湖南", 28.23, 112.94, 16, 1.15, 0.6),
    Region("粤东", "East Guangdong", "广东", 23.35, 116.68, 16, 1.18, 0.7),
    Region("珠三角", "Pearl River Delta", "广东", 23.13, 113.26, 22, 1.25, 0.25),
    Region("川西", "West Sichuan", "四川", 30.57, 104.07, 15, 1.15, 0.7),
    Region("川东", "East Sichuan", "四川", 31.21, 107.47, 13, 1.12, 9.0),
)
LATE_REGION = "赣中"  # its orders stop on the 20th and come in one file a week later
TRANSFER_REGION, LEAVE_REGION, VACANT_REGION = "浙北", "鲁东", "湘中"

CHANNELS = ("传统零售", "社区团购", "商超", "便利店", "餐饮")
CHANNEL_GROWTH = (-0.07, 0.24, 0.02, 0.08, 0.05)  # a year, as logarithms
GROUPS = ("茶饮", "果汁", "饼干", "坚果", "速食", "调味")
SKUS = tuple(f"{letter}{n}" for letter in "ABCDEF" for n in range(1, 6))
_FIRST_PRICE = (42, 52, 36, 88, 46, 32)  # yuan a case, per group; the next product costs an eighth more
LIST_PRICES = tuple(yuan * (100 + 12 * n) for yuan in _FIRST_PRICE for n in range(5))  # fen

SURNAMES = (
    "王wang 李li 张zhang 刘liu 陈chen 杨yang 黄huang 赵zhao 吴wu 周zhou 徐xu 孙sun 马ma 朱zhu 胡hu "
    "郭guo 何he 林lin 高gao 罗luo 郑zheng 梁liang 谢xie 宋song 唐tang 许xu 邓deng 冯feng 韩han "
    "曹cao 曾zeng 彭peng 萧xiao 蔡cai 潘pan 田tian 董dong 袁yuan 于yu 余yu 叶ye 蒋jiang 杜du 苏su "
    "魏wei 程cheng 吕lü 丁ding 沈shen 任ren 姚yao 卢lu 傅fu 钟zhong 姜jiang 崔cui 谭tan 廖liao"
)
GIVEN = (
    "伟wei 芳fang 娜na 敏min 静jing 丽li 强qiang 磊lei 军jun 洋yang 勇yong 艳yan 杰jie 娟juan 涛tao "
    "明ming 超chao 秀xiu 霞xia 平ping 刚gang 桂gui 英ying 华hua 玉yu 兰lan 红hong 建jian 国guo "
    "志zhi 文wen 斌bin 海hai 燕yan 晓xiao 东dong 雨yu 桐tong 涵han 浩hao 嘉jia 怡yi 思si 远yuan "
    "俊jun 辉hui 雪xue 梅mei 春chun 生sheng 立li 新xin 永yong 康kang 栋dong 佳jia 宁ning 萱xuan "
    "凡fan 轩xuan"
)
