"""Invented letters to a city's office: letters.py COUNT SEED. A third of them hold nothing personal.

One letter a line. What must not be read afterwards stands between U+E000 kind U+E001 and U+E002. No line feeds within a
letter. No number here can be anybody's: mobile numbers have 0000 in the middle, identity numbers name a whole province,
plates have a letter no office gives out. Written from how people write, not from how masking works.
"""

import random
import sys

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹潘葛范彭鲁韦马方俞任袁柳史唐薛雷贺倪汤罗郝安常于傅齐康余顾孟黄穆萧尹姚邵汪毛米戴宋庞熊纪舒项祝董梁杜阮闵季贾江童郭梅林钟徐邱骆高夏蔡田樊胡霍虞万柯卢莫房解应丁邓洪包左石崔龚程陆翁羊甄曲封储靳段巫焦谷车侯全班仲宁仇甘武刘景龙叶幸黎白蒲赖卓屠池乔谭劳申冉牛边燕尚温庄晏柴瞿阎连艾容向古易廖终步耿满匡文欧沃利越师巩聂敖冷辛阚简饶曾关查游竺盖"
COMPOUND = ["欧阳", "上官", "诸葛", "司马", "慕容", "皇甫", "东方", "令狐"]
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚玲桂英华玉兰红梅建国志鹏晓燕雪峰春海波浩宇子轩梓涵欣怡佳慧文博雨泽俊思琪一诺嘉"
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
WIDE = str.maketrans("0123456789Xx-", "０１２３４５６７８９Ｘｘ－")
HAN = str.maketrans("0123456789", "零一二三四五六七八九")
RADIO = str.maketrans("0123456789", "洞幺两三四五六拐八勾")
BANK = str.maketrans("0123456789", "零壹贰叁肆伍陆柒捌玖")

PLAIN = [
    "我们小区的路灯坏了二十多天，物业说要等街道批钱。",
    "去政务服务中心办营业执照，窗口态度很好，前后只用了35分钟。",
    "孩子今年9月上小学，问了三次学区怎么划，三次说法都不一样。",
    "12345热线接得很快，可是工单转到下面以后就没有下文了。",
    "2026年7月15日下午3点20分，我在3号窗口排队，前面还有48个人。",
    "建设路与人民路口的红绿灯只有12秒，老人根本过不去。",
    "申请材料交了5份，每份复印2张，最后只用了其中1份。",
    "公交203路早高峰25分钟一班，等了两班都没挤上去。",
    "按照云政办发〔2025〕18号文件，补贴应当在30个工作日内到账。",
    "每平方米物业费从1.8元涨到2.6元，没有开业主大会。",
    "医保报销比例从70%降到65%，希望有人解释一下。",
    "垃圾中转站离居民楼只有15米，夏天臭得开不了窗。",
    "建议在高新区多设几个停车场，马路边的车位实在不够用。",
    "我是本市居民，在这里住了四十年，对变化看得很清楚。",
    "本人于今年3月提交申请，至今没有收到任何答复。",
    "项目经理换了三个，工程还是没有完工。",
    "联系人一栏写错了，窗口当场就帮我改了过来，非常感谢。",
    "老师都很负责，只是食堂的饭菜有点贵，一餐要18元5角。",
    "电话打了十几个，总是忙音，最后还是跑了一趟。",
    "受理编号是YX20260715000123，到现在还是“办理中”。",
    "查询码 7F3K-92QD-11，网上显示已经办结，可是没人联系过我。",
    "公司注册资金100万元，去年纳税23.5万元，符合条件却被退回。",
    "从东门站到市政府要换乘两次，全程47公里多走了一倍。",
    "施工许可上写的是6:00到22:00，他们夜里两点还在打桩。",
    "单位同志很耐心，把九项材料一项一项讲清楚了。",
    "楼上602室装修把承重墙敲了，城管和住建互相推。",
    "何时能通天然气？隔壁小区前年就通了。",
    "常年没有人管的河道，今年总算清了淤。",
    "高考那几天请不要再施工了，谢谢。",
    "单位食堂、马路市场、方便面摊，三处都该查一查。",
    "关于许可延期的事，解释得很清楚，没有意见。",
    "安全检查一年四次，次次提前通知，有什么用？",
    "希望加装电梯的补贴能从20万提到25万。",
    "一二三楼的住户都不同意，四五六楼的都同意，怎么办？",
    "评价系统默认五星，我根本没有点过。",
    "网址 http://www.yunxi.example/ 打不开，提示错误代码500。",
    "早上八点半开门，八点就排了一百多人。",
    "房产证号 云房权证字第00012号 查不到，让我自己去档案馆。",
    "门牌写着88号，地图上却是86号，快递总是送错。",
    "全市GDP增长5.8%，可是我们镇的卫生院连个儿科医生都没有。",
]
BEFORE = ["您好，", "领导好！", "尊敬的市长：", "你们好，我想反映一件事。", "", "", "打扰了，", "补充上次的留言："]
AFTER = ["请尽快处理。", "谢谢！", "盼复。", "希望给个说法。", "", "", "等你们的消息。", "此致敬礼。"]


def secret(kind: str, text: str) -> str:
    return f"\ue000{kind}\ue001{text}\ue002"


def name(r: random.Random) -> str:
    family = r.choice(COMPOUND) if r.random() < 0.06 else r.choice(SURNAMES)
    return family + "".join(r.sample(GIVEN, 1 if r.random() < 0.25 else 2))


def mobile(r: random.Random) -> str:
    return f"1{r.choice('3456789')}{r.randrange(10)}0000{r.randrange(10000):04}"


def in_some_way(number: str, r: random.Random) -> str:
    a, b, c = number[:3], number[3:7], number[7:]
    return r.choice([
        number, number, f"{a} {b} {c}", f"{a}-{b}-{c}", number.translate(WIDE), number.translate(HAN), number.translate(RADIO),
        number.translate(BANK), " ".join(number), "，".join([a, b, c]), f"+86 {number}", f"86-{number}", f"（{a}）{b}{c}",
        f"{a}.{b}.{c}", f"{a.translate(HAN)}{b}{c.translate(HAN)}", f"{a.translate(WIDE)} {b.translate(WIDE)} {c}",
        number.translate(HAN).replace("一", "幺"), "\u200b".join([a, b, c]), f"{a}—{b}—{c}", f"{a}　{b}　{c}", "-".join(number),
        number.translate(HAN).replace("零", "〇"), f"{a}*{b}*{c}", "、".join(number.translate(HAN)),
    ])


def identity(r: random.Random) -> str:
    body = f"{r.choice([110000, 310000, 330000, 420000, 510000])}{r.randrange(1945, 2016)}{r.randrange(1, 13):02}{r.randrange(1, 29):02}{r.randrange(1000):03}"
    check = "10X98765432"[sum(int(d) * 2 ** (17 - i) for i, d in enumerate(body)) % 11]
    text = body + (check.lower() if r.random() < 0.3 else check)
    return r.choice([text, text, text.translate(WIDE), f"{text[:6]} {text[6:14]} {text[14:]}", f"{text[:6]}-{text[6:14]}-{text[14:]}", text[:17].translate(HAN) + text[17].translate(HAN)])


def plate(r: random.Random) -> str:
    """At most two of the five signs are letters, as the standard has it."""
    signs = r.choices("0123456789", k=5)
    for place in r.sample(range(5), r.randrange(3)):
        signs[place] = r.choice("ABCDEFGHJKLMNPQRSTUVWXYZ")
    province, tail = r.choice(PROVINCES), "".join(signs)
    green = r.random() < 0.25
    tail = f"{r.choice('DF')}{r.randrange(100000):05}" if green else tail
    return r.choice([f"{province}Z{tail}", f"{province}Z·{tail}", f"{province}Z {tail}", f"{province}Z-{tail}", f"{province}z{tail.lower()}", f"{province}Z{tail}".translate(WIDE)])


def one(r: random.Random) -> str:
    kind = r.choice(["phone"] * 5 + ["name"] * 4 + ["identity"] * 2 + ["plate"] * 2 + ["mail", "card", "landline"])
    if kind == "phone":
        lead = r.choice(["我的电话是", "请打", "联系电话：", "手机", "手机号码 ", "有事联系我，", "回电", "我电话", "微信同号", "TEL:", "电话（全天）：", "打我手机"])
        return lead + secret(kind, in_some_way(mobile(r), r)) + r.choice(["。", "，", "，请回电。", "，白天都在。", "（家属）。"])
    if kind == "name":
        lead, tail = r.choice([
            ("我叫", "，"), ("姓名：", "，"), ("联系人：", "，"), ("联系人", "。"), ("本人", "，"), ("我是", "，"), ("投诉人：", "。"),
            ("反映人 ", "，"), ("经办人：", "，"), ("户主", "，"), ("我的名字是", "。"), ("申请人：", "；"), ("负责人", "，"), ("署名：", "。"),
            ("我是业主", "，"), ("村民", "，"), ("老人名叫", "，"), ("窗口的", "主任很负责。"), ("感谢", "老师。"), ("找", "科长问过。"), ("", "女士，"), ("", "先生反映："),
        ])
        return lead + secret(kind, name(r)) + tail
    if kind == "identity":
        return r.choice(["身份证号", "身份证：", "证件号码 ", "我的身份证是", "ID："]) + secret(kind, identity(r)) + "，"
    if kind == "plate":
        return r.choice(["车牌", "车号", "我的车", "一辆白色轿车", "违停的是", "车牌号："]) + secret(kind, plate(r)) + "，"
    if kind == "mail":
        return "邮箱" + secret(kind, f"{r.choice(['yx', 'lin.mou', 'zhang_01', 'a-b'])}{r.randrange(9999)}@{r.choice(['example.com', 'mail.example.cn'])}") + "，"
    if kind == "card":
        digits = f"62{r.randrange(10**3):03}0000{r.randrange(10**10):010}"
        return "银行卡" + secret(kind, r.choice([digits, " ".join(digits[i:i + 4] for i in range(0, len(digits), 4)), digits.translate(WIDE)])) + "，"
    area, local = r.choice(["010", "0571", "0579", "021"]), f"{r.randrange(2, 9)}000{r.randrange(10000):04}"
    return "座机" + secret("phone", r.choice([f"{area}-{local}", f"{area} {local}", f"({area}){local}", f"{area}{local}", f"{area}—{local}"])) + "，"


def letter(r: random.Random) -> str:
    told = r.sample(PLAIN, r.randrange(1, 4))
    if r.random() < 1 / 3:
        return r.choice(BEFORE) + "".join(told) + r.choice(AFTER)
    for _ in range(r.choice([1, 1, 1, 2])):
        told.insert(r.randrange(len(told) + 1), one(r))
    return r.choice(BEFORE) + "".join(told) + r.choice(AFTER)


if __name__ == "__main__":
    draw = random.Random(int(sys.argv[2]))
    for _ in range(int(sys.argv[1])):
        print(letter(draw))
