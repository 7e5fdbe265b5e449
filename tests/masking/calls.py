"""Invented notes of hotline operators and short comments after a visit: calls.py COUNT SEED. Half of them hold nothing personal.

Built by a small grammar instead of whole sentences: short, without full stops, with forms and slips of the pen. Marks as in
letters.py: U+E000 kind U+E001 secret U+E002. No number can be anybody's: see letters.py.
"""

import random
import sys

# Grammar: lower-case words in braces are rules; @ rules are secrets.
RULES = {
    "note": ["{who}{what}，{wish}", "{what} {wish}", "{time}{who}来电称{what}，{wish}", "【{topic}】{what}；{wish}", "{praise}", "{praise}，{praise}", "{what}", "{what}。{what}。"],
    "who": ["市民", "来电人", "家长", "商户", "村民", "居民", "游客", "企业"],
    "what": [
        "{place}{thing}{state}", "{place}{thing}{state}已经{number}天", "在{place}办{matter}跑了{number}趟", "{matter}要{number}份材料", "{place}收费{number}元没有发票",
        "{number}号楼{thing}{state}", "{place}早上{hour}点还没开门", "{matter}说好{number}个工作日，拖到{number}天", "{place}{thing}从{number}元涨到{number}元", "工单{ticket}没人回",
        "{year}年{month}月{day}日在{place}{state}", "{road}{number}号{thing}{state}", "{thing}第{number}次{state}", "{law}说的{matter}这里办不了", "{number}路公交在{place}不停",
    ],
    "topic": ["交通出行", "城市管理", "教育", "物业", "社保", "噪声"],
    "place": ["{road}", "望湖区行政服务中心", "东门社区", "市一医院", "高新区", "安置小区", "南站", "文化馆", "方山镇", "马桥村", "石门水库", "白云街道", "金水湾小区", "孔庙", "万达广场旁边", "江边步道"],
    "road": ["建设路", "解放东路", "王家巷", "李村大道", "任店路", "黄金大道", "高铁站北路", "和平街"],
    "thing": ["路灯", "电梯", "井盖", "停车位", "下水道", "围挡", "公厕", "窗口", "叫号机", "护栏", "健身器材", "充电桩", "校车"],
    "state": ["坏了", "没人管", "不亮", "漏水", "堵了", "关着", "少了一半", "反复出问题", "修了又坏", "太远", "排队太长"],
    "matter": ["居住证", "公积金提取", "准生证", "房产过户", "低保", "老年卡", "营业执照", "异地就医备案", "车辆年检", "入学登记"],
    "wish": ["要求尽快解决", "请回复", "希望核实", "要求有人上门看", "建议加人手", "请问什么时候办好", "望重视", "谢谢", "请给个准信"],
    "praise": ["办事{speed}", "态度很好", "环境干净", "工作人员一次讲清", "{number}分钟就办好了", "比去年方便多了", "停车方便", "给{number}个赞", "全程网办，{speed}", "没有意见", "非常满意", "应该早点这样", "温度适宜", "常来常满意", "解答专业"],
    "speed": ["很快", "真快", "比预想的快", "不到半小时"],
    "law": ["国发〔2024〕{number}号", "民法典第{number}条", "条例第{number}款", "去年{month}月的通知"],
    "time": ["{hour}:{minute} ", "上午{hour}时，", "{month}月{day}日，", ""],
}
SHORT = {
    "number": lambda r: str(r.choice([2, 3, 7, 12, 15, 30, 88, 120, 365, 1200, 5000, 36000])) if r.random() < 0.8 else r.choice(["三", "十几", "二十", "一百二十", "两"]),
    "hour": lambda r: str(r.randrange(7, 19)),
    "minute": lambda r: f"{r.randrange(60):02}",
    "year": lambda r: str(r.randrange(2019, 2027)),
    "month": lambda r: str(r.randrange(1, 13)),
    "day": lambda r: str(r.randrange(1, 29)),
    "ticket": lambda r: r.choice(["DR2026{:06}", "GD-{:08}", "（编号{:05}）", "{:012}号"]).format(r.randrange(10**5)),
}
FAMILY = "李王张刘陈杨黄吴赵周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵覃武钱戴严莫孔向常汤温康施文牛樊葛邢安"
FIRST = ["建军", "秀英", "桂兰", "国庆", "小红", "丽华", "子涵", "浩然", "雨桐", "志明", "玉梅", "海燕", "凤", "超", "婷", "刚", "磊", "雪", "思远", "爱民", "春生", "金花", "大勇", "美玲", "晓东", "立新", "云飞", "文静"]


def mark(kind: str, text: str) -> str:
    return f"\ue000{kind}\ue001{text}\ue002"


def said(rule: str, r: random.Random) -> str:
    text = r.choice(RULES[rule])
    while "{" in text:
        start = text.index("{")
        end = text.index("}", start)
        word = text[start + 1:end]
        text = text[:start] + (SHORT[word](r) if word in SHORT else r.choice(RULES[word])) + text[end + 1:]
    return text


def spoken(digits: str, r: random.Random) -> str:
    """As people say or type a number: digit by digit, each perhaps in another script."""
    scripts = ["0123456789", "０１２３４５６７８９", "零一二三四五六七八九", "〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖", "零幺二三四五六七八九", "⓪①②③④⑤⑥⑦⑧⑨"]
    style = r.random()
    if style < 0.35:
        chosen = [scripts[0]] * len(digits)
    elif style < 0.8:
        chosen = [r.choice(scripts)] * len(digits)
    else:
        chosen = [r.choice(scripts[:5]) for _ in digits]
    joint = r.choice(["", "", "", " ", "-", "－", "·", "\u00a0", "_", "/"])
    groups = r.choice([[11], [3, 4, 4], [3, 3, 5], [4, 4, 3], [5, 6], [1] * 11])
    if sum(groups) != len(digits):
        groups = [len(digits)]
    out, at = [], 0
    for size in groups:
        out.append("".join(script[int(d)] for d, script in zip(digits[at:at + size], chosen[at:at + size])))
        at += size
    return joint.join(out) if len(out) > 1 else out[0]


def number(r: random.Random) -> str:
    return mark("phone", spoken(f"1{r.choice('3578')}{r.randrange(10)}0000{r.randrange(10**4):04}", r))


def person(r: random.Random) -> str:
    full = r.choice(FAMILY) + r.choice(FIRST)
    before, after = r.choice([
        ("来电人：", ""), ("来电人姓名", ""), ("姓名:", " 女"), ("机主", "，"), ("我叫", ""), ("当事人", "称"), ("联系人:", ""), ("客户姓名：", ""),
        ("", "先生"), ("", "女士"), ("", "阿姨"), ("", "师傅"), ("患者", "，"), ("学生", "，"), ("法人：", ""), ("收件人 ", " "), ("举报人：", ""), ("本人姓名", "，"), ("业主：", ""), ("家长", "，"),
    ])
    return before + mark("name", full) + after


def papers(r: random.Random) -> str:
    body = f"{r.choice(['320000', '330000', '440000'])}{r.randrange(1950, 2012)}{r.randrange(1, 13):02}{r.randrange(1, 29):02}{r.randrange(1000):03}"
    factors = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    last = "10X98765432"[sum(f * int(d) for f, d in zip(factors, body)) % 11]
    return r.choice(["身份证", "身份证号码：", "证号", "sfz"]) + mark("identity", spoken(body, r) + last)


def vehicle(r: random.Random) -> str:
    text = f"{r.choice('浙沪苏皖赣闽粤鲁')}{r.choice('XYZ')}{r.choice('ABCDEFGH')}{r.randrange(10**4):04}"
    return r.choice(["车牌", "货车", "浇水车", "网约车", ""]) + mark("plate", r.choice([text, text[:2] + "·" + text[2:], text.lower(), text[:2] + " " + text[2:]]))


def account(r: random.Random) -> str:
    return r.choice(["微信", "微信号：", "加V ", "QQ", "qq号", "wx:"]) + mark("account", r.choice([f"yunxi_{r.randrange(10**4):04}", f"lin{r.randrange(10**5):05}", f"{r.randrange(10**8, 10**9)}"]))


def note(r: random.Random) -> str:
    text = said("note", r)
    if r.random() < 0.5:
        return text
    parts = [r.choice([number, number, number, person, person, papers, vehicle, account])(r) for _ in range(r.choice([1, 1, 2]))]
    joint = r.choice(["，", " ", "；", ","])
    return joint.join([text, *parts]) if r.random() < 0.6 else joint.join([*parts, text])


if __name__ == "__main__":
    chance = random.Random(f"calls {sys.argv[2]}")
    for _ in range(int(sys.argv[1])):
        print(note(chance))
