#!/usr/bin/env python3
"""Print invented comments as a Chinese city receives them, one per line.

Usage: mailbox.py COUNT SEED

About half of the comments hold nothing personal. In the others every personal piece of text is wrapped:
U+E000, its kind (phone, identity, plate, name or account), U+E001, the text itself, U+E002.
All people are made up and all numbers have a form that is not given out. The same COUNT and SEED give the same lines.
"""
import random
import re
import sys

OPEN, MID, CLOSE = "\ue000", "\ue001", "\ue002"

# Sentences and words. "|" or a new line parts the choices, {x} stands for a choice of x, <a/b> is a small choice, ~ joins.
# Capital letters stand for personal pieces: N... names, T MO LA telephones, ID... identity numbers, P... plates, the rest accounts.
DATA = """
pl= 王府井大街|李家沱|张江镇|马甸桥|黄浦江边|周庄古镇|余杭塘河边|钱塘江边|朱家角|曹杨新村|潘家园|郭公庄|徐家汇|陆家嘴|白云山脚|史家胡同|贺兰山路|柳州路|金山大道|鲁班路|高桥老街|沈家门|梅园新村|施家桥头|温泉路|华山路|康定路|苏堤路|汪家弄|任港路|石桥路|万寿路
包家弄|时代大道|连云路|平江路|成都路|宁海路|计家墩|费家塘|龙泉驿|江湾镇|全椒路
town= 方圆|张江|李家沱|马甸|高桥|曹家渡|郭家湾|白马|孔浦|丁桥|宋家塘|汪家桥|成贤|和睦|安定|常乐|万寿|金星|周浦|余家头|龙潭|谢塘|袁家岗|鲍家|江湾|温塘|连塘|解放|平安|宁东|强胜|应店
comm= 万科城|和谐家园|金色水岸|时代花园|安馨苑|江南名府|白鹭湾|温馨佳园|方兴苑|明月小区|平安里|宁静苑|连心苑|于家花园|康乐新村|全福苑|华府天地|单家桥新村|高教公寓|祝桥小区|解放新村|应家山小区|包河名邸|成功花园|强园小区
wy= 安居物业|和美物业公司|方圆物业|金碧物业|万家物业|常青物业|成功物业|时代物业 ;; shop= 许记面馆|陈记烧烤|老孙家羊汤|时光酒吧|金樽KTV|高家庄菜馆|万福超市|胡同口火锅|关东烧烤城|简单生活便利店|何家卤味|夏日冷饮店
hosp= 江南大学附属医院|康宁医院|方塔中医院|{town}卫生院|和平医院|安贞路社区医院|万寿路口腔医院 ;; sch= 金华路小学|白云幼儿园|任城中学|高桥初中|孔庙小学|成章实验学校|江南小学|文澜中学|何家坪小学
co= 宏达建设|安泰机电公司|金源纺织厂|高科电子|万里物流|和信科技|常胜模具厂|方舟软件|任远教育|连城置业|华强劳务 ;; hall= 政务服务中心|社保窗口|出入境大厅|税务大厅|不动产登记中心|{town}派出所户籍窗口|{town}社区|公积金中心|车管所|婚姻登记处
short= 12345|110|95598|12315|12333|12348|12328|12369|96811|122 ;; bus= {n}路|3{n}路|K1{n}路|B{n}路|地铁{n}号线|微{n}路|1{n}8路公交
days= {n}天|{nn}天|{n}个月|半个月|{n}个多星期 ;; time= 早上六点|上午9:{mi}|下午2点{mi}分|14:{mi}|中午12点半|傍晚六点|8:30|下午三点左右|1{n}:{mi}
night= 晚上11点|凌晨一点|夜里12点半|22:{mi}|23:15|半夜两点|零点 ;; car= 白色面包车|黑色越野车|银灰色轿车|小货车|红色两厢车|网约车|蓝色皮卡|老年代步车
house= {n}幢{n}单元{room}室|{nn}号楼{room}|{n}-{n}-{room}|{n}栋{room}|{nn}弄{n}号{room}室|{nn}号{room} ;; room= 101|302|1203|502|601|2304|804|1801
law= 《物业管理条例》第三十五条|《劳动合同法》第38条|《消费者权益保护法》第五十五条|《民法典》第二百七十八条|《行政许可法》第42条|《噪声污染防治法》第六十二条|《政府信息公开条例》第33条|《优化营商环境条例》第二十一条
doc= 国办发〔20{yy}〕{nn}号|市政办发〔20{yy}〕{n}号|人社发[20{yy}]1{n}号|建房规〔20{yy}〕{nn}号|府发（20{yy}）{n}号 ;; ver= V{n}.{n}.{nn}|{n}.{n}|{n}.0.{nn}|v20{yy}.{n}
ip= 192.168.{n}.{nn}|10.{n}.0.{nn}|172.16.{n}.1{nn} ;; size= {nn}平方|8{n}.{n}平米|1{nn}.6㎡|{nn}多亩 ;; pct= {nn}%|{n}.5%|百分之{nn}|9{n}％
money= {n}00元|{nn}元|¥{nn}.50|1{nn}块|<三/五/六/八>百块|{nn}.{n}元|<两/三>千多 ;; sum= {nn}000元|{n}.{n}万元|{n},{n}00元|{nn}万|人民币{nn}0000元整|<十几/二十多/四十多>万
anon= 李某某|张某|王某某|陈某|赵某某|欧阳某某|周某|吴某某|何某 ;; post= 主任|科长|师傅|经理|大爷|阿姨|老师|警官|书记|队长|医生 ;; smile= 👍|❤|👏|🌹|🙂|💯
bad= 爱理不理|张口就骂人|推三阻四|说话难听|只会打官腔|一问三不知|一边玩手机一边答话|态度恶劣|拿了材料就没下文 ;; good= 不厌其烦|随叫随到|讲得明明白白|忙前忙后|一次就把事办成了|连口水都没顾上喝|周末还加班帮我们跑|说话和气，办事利索|比亲人还亲
kin= 我爱人|我老公|我姐夫|我堂弟|我侄子|我表妹|邻居|租客|同事|房东|业委会成员|同村的|发小|二叔|嫂子 ;; proxy= 女儿|儿子|老伴|邻居|弟弟|代理律师|外孙
sig= 一名普通市民|{comm}全体业主|一位退休工人|几位受害的家长|盼望答复的老百姓|一名外来务工者|一个纳税人
decoy= <之前的/上一张/我的>工单编号{order}，<系统里查询不到/显示已办结>|依据{law}，应当在{nn}日内答复|{when}打过12345，{n}分钟就把我打发了|任何一个部门都说不归他管|<任何人/任何单位>都可以看出问题在哪|{role}平时根本见不到人
{role}连续换了{n}个|{role}简单看了一眼就走了|{role}明显不熟悉业务|{role}于{date}来过一次|{role}和群众吵了起来|{role}常<说忙/常找借口>|{role}全部下班，才{time}|{role}曾经也抱怨过|{role}应当先查询再答复
{role}万一不来怎么办|{ti}不在，让我改天再来|某{ti}说归别的单位管|{anon}一直没露面|值班{ti}说曾经处理过|全体{ti}都开会去了|{ti}说等通知，通知说等{ti}|单位解释不清|{ti}关心的只有指标|项目负责人换人了|从{pl}到{pl2}，{bus}绕了一大圈
回复文号{doc}，内容跟我的诉求不搭界|给高峰时段让路可以理解，可平时也一样|由单位出具证明，单位又说由社区出具|被安排到{n}号窗口又被安排回来|向任何窗口打听都一样|找方案找了{days}，方案在哪里|跟<许可科/金融办/安监科/关工委>说完还要跟<查询台/计财科/信访窗口>说
感谢包容，但是问题没有解决|满意度{pct}是怎么算出来的|<温馨提示/安全须知>张贴得到处都是，事情没人办|查询系统登录时报错，IP显示{ip}|多次拨打{short}，一直占线|{short}接线的小姑娘很客气，就是没有下文|费用清单上写着{money}，和当初说的差了{pct}
周边居民{nn}户联名写过信|20{yy}年的文件管不了今年的事|对任何意见都是那几句话|何必让老百姓来回折腾|何时能解决，应该给个时间|时间都花在路上了，真是白跑|高标准高要求不能只挂在墙上|连续{n}年提这个意见了|我在{pl2}站等了{mi}分钟|成立了专班，没见专班的人
车票背面写着{n}排0{n}座都没这么挤|单元楼下贴的告示日期是{date}|我住{house}，影响最大的就是我们这一排|常年如此，宁可不投诉也不想再跑|计划{yy}年底完成，明摆着完不成了|方便的话请到现场看一看|全程录了音，共{mi}分{n}秒|照片{n}张已上传，编号{order}
明明一张纸的事，简直要命|关键是没有一个人负责|和上次的答复一字不差|万分火急，望速办|于情于理都说不过去|白天没人，晚上没灯|余下的问题分三点：费用、时段、安全|应有的服务没有享受到|石沉大海不是第一次了|高层天天讲雷锋精神，窗口连杯水都没有|解释来解释去就是没钱|项目公示牌上的电话是空号
<孔庙景区/包公祠/关公像广场>周边同样的问题早就解决了|强制捆绑收费{money}，开票还要另加{pct}|安全第一不是一句口号|包含这次一共来了{n}趟
praise= 办<业务/证/手续>只用了{mi}分钟，效率很高|窗口态度温和，材料讲得很清楚|{role}服务周到，点赞|流程比20{yy}年简单多了|{bus}准点，司机还等了老人|{comm}加装电梯，社区全程协调|{role}平时就热心|{ti}还特意打电话来问满不满意|温水热茶都有
安装师傅穿了鞋套，干完活把地也擦了|12345回访及时，问题当天解决|给{unit}打100分|查询机好用，{n}步就打出证明|雨天送水送姜汤，让人心里温馨|张贴的办事指南很清楚|关怀老人的举措越来越多|于细微处见真情|{pl}的灯终于亮了|{pl}修好以后出行方便多了
<平时有事/任何时候>都能找到人|高效、和气、专业|值得肯定，满意度从{k}0%涨到9{n}%不奇怪|许多事情手机上就办完了，版本{ver}也不卡|周末也有人上班，非常难得|费用透明，多收的退了我{money}|全部材料一次交齐，没有白跑
brief= 挺好的，没有意见|非常满意{smile}|任何问题都没有|效率有待提高|白跑了{n}趟|高峰期人太多|和以前差不多|一般般吧|窗口太少了|{bus}太慢|服务态度很温馨|希望越来越好！|单位门口不好停车|解决得很快|易懂好办|钱花得值|路不平灯不亮|车太多，位太少|全部满意|简单高效
宁可排队也不愿网办|{hall}效率太低|{hall}可以更好|都是套话|等了{mi}分钟|拨{short}没人接|{pl}太堵了|科长不在，白来|老师说下周再来|查询不方便|许可办得快|没有打过交道，不了解|打{n}星|<比较/还算/基本>满意|{hall}不错{smile}|无，谢谢工作人员
张口闭口就是等通知|强烈建议周六开门|时好时坏|费用太高|明显进步了|方案很好，落实不够|应该多下基层|安装光纤拖了{days}|关键看行动|常来办事，态度一直不错|计划赶不上变化，催一催|{law}写得很清楚|{comm}停水{days}|{bus}加一班吧|何时修{pl}？
{comm}{house}漏水没人管|成绩有目共睹|包容一点就好了|金额{money}对不上|满意率{pct}？我不信|连个椅子都没有|万事开头难，继续加油{smile}|江边的灯该修了|于我而言够用了|App {ver}打不开|20{yy}年就说修|{pl}到{pl2}没有直达车
水压低，{time}最低
name_bad= {role}{N}答应{n}天解决，到今天也没下文|{N}答应得好好的，转头就不认|{role}{N}{bad}|{N}{bad}|{N}{ti}电话里说得好听|找{N}好几趟都不在|跟{N}讲了{n}遍还是老样子|给{N}打电话从来不接|{role}是{N}，{bad}
经办：{N}，{bad}|被{N}当众<骂了一顿/轰了出来>|由{N}负责的片区最乱|{unit}的{N}说这事不归他们管|{role}（{N}）让我去别处问|工牌上写的是“{N}”，态度很差|胸牌名字{N}，工号0{nn}，全程黑脸|投诉{N}，{bad}|投诉{unit}{N}{bad}
{role}姓名是{N}，{date}当班|{N}和{N}互相推，一个说归东边管，一个说归西边管|{N}、{N}、{N}三个人都在现场，没有一个人管|{kin}{N}也遇到过一样的事|{kin}{N}在场可以作证|{kin}{N}去问，得到的答复又不一样|钱是转给{N}的，收条也有
{N}一家也深受其害|{NM}、{NF}夫妇可以证明|{role}换成{N}以后更差了|只有{N1}一个人会办，{N1}休假就停摆|{N}把我的材料弄丢了还不承认|{N}连续三次爽约|{N}平时就不在岗|{N}于{date}签收，之后石沉大海|{N}明明看见了装没看见|{N}也不解释，直接挂断
{N}你给我们一个说法！|{N}那边说要等{N}|请问{N}到底有没有这个权力|凭什么{N}说了算|上次是{N}接待的，这次换了人又从头说起|说是{N}批的，{N}又说不知道|{role}叫{N}，自称是{unit}的|老板{N}欠我{sum}|合同上签字的是{N}，人已经找不到了
让{N}当面道歉|找了{role}没用，又找了{N}（{ti}）|{N}常说“等等看”，一等就是{days}|向{N}反映过，{N}说正在安排|对{N}的处理结果不服|{NF}女士是经办人，可她说没收到|{NM}先生自称负责人，拿不出证件|{unit}{N}同志的解释前后矛盾
当班的是{N}，请核查|楼上住户{N}天天拍桌子|{N}家的孩子在楼道里点火|我妈{NOF}今年{age}岁，受不起这个气|父亲{NOM}瘫痪在床，没法到现场|女儿{NCF}因此耽误了<报名/考试>|儿子{NCM}天天受影响，觉也睡不好|孩子{NC}吓得不敢出门
老人{NO}（{age}岁）摔了一跤|{N}任何时候都说在开会|{N}安排我去{n}楼，{n}楼又叫我回来|还好{N}单独回了我一句|我爱人{N}为这件事请了{n}次假|{ti}{N}很不耐烦|问{N}要书面答复，说没有|从头到尾只有{N}和我联系过|{N}高高在上，根本不听人说话
{role}{N}和{kin}{N}是亲戚，所以没人敢管|微信群里{role}@{N}，半天没人应|{N}简单记了几笔就走了|据{N}称已经整改，实际没有|{N}/{N}两个人都签过字
name_good= 感谢{role}{N}{good}|感谢{N}，{good}|{N}{ti}真是人民的贴心人，{good}|{role}{N}{good}|{N}服务很好{smile}|点名表扬{N}|给{N}点个大大的赞{smile}|{N}老师很耐心，{good}
表扬{unit}{N}同志|多亏{N}提醒，不然要白跑|一位叫{N}的{role}{good}|{N}、{N}和{N}三位{good}|{N}与{N}冒雨来抢修，辛苦了|工牌{N}的小姑娘{good}|胸前牌子写着“{N}”的那位，一定要表扬|有{N}这样的{role}，是我们的福气
{N1}帮我填表，{N1}还帮我复印，非常感谢|谢谢{unit}的{N}和{N}|窗口{N}热情周到|连{N}都说难办的事，{N}办成了|我母亲{NOF}腿脚不便，{role}{N}上门办好了|{role}（{N}）{good}|希望领导给{N}发个奖|{N}这小伙子不错|{NM}师傅修得又快又好
{NF}姐姐讲得特别清楚|社区书记{N}大热天一户户走访|请转告{N}，我们全家谢谢他|人美心善的{NF}{smile}|{N}解决问题很干脆|{N}常年帮独居老人{NO}买菜
plate_bad= 车牌{P}的{car}天天堵在单元门口|{car}（{P}）占了盲道，{time}还在|我的车{P}停在{pl}被刮了|司机开的是{P}，{when}闯红灯|出租车{P}拒载，还骂人|{P}长期占着我家车位，挪车电话打不通|渣土车{PG}夜里乱倒，有照片
车主{N}（车牌{P}）不肯挪车|{P}又停在消防通道|请拖走{P}|教练车{PX}在{pl}压线练车|偷倒垃圾的是{P}和{P}两台车|明明没去过{pl}，{P}却收到罚单{money}|{P}这辆{car}改装排气管，{night}炸街|公车私用，牌号{P}|警车{PJ}长期停在饭店门口
僵尸车{P}落满灰，停了{days}|拍到的车号是{P}|{car}号牌：{P}|牌照是{P}，跑了没停|挂车{PG}掉石子砸了玻璃|尾号看清了：{P}|道闸识别不了新能源牌{PN}，每次都要人工|{role}说查不到{P}的车主|牌照{P}，{car}，{when}
被举报车辆：{P}；时间：{when}；地点：{pl}
plate_good= 出租车{P}的师傅把我的包送了回来，感谢|{bus}司机（车号{P}）等老人坐稳才开|车牌{P}的好心人把老人送到{hosp}，想当面谢谢|加油{P}的司机师傅{smile}
phone_end= 联系电话：{T}|电话{T}|我的手机是{T}，随时可以联系|有结果请打{T}|请回电{T}|加我微信{MO}，手机同号|微信号就是手机号{MO}|Tel:{T}|家里座机{LA}，白天有人接|请不要打办公室，打{MO}|手机号：{MO}，谢谢|我手机{MO}|联系方式{T}
{MO}，等你们电话|照片可以加微信{MO}看|之前留的号码停机了，现用{MO}|请联系我女儿{MO}|号码{MO}|固定电话{LA}|白天打{LA}，晚上打{MO}|手机{MO}（微信同）|留个电话吧，{MO}|短信发到{MO}也行|回访请打老伴的{T}，我耳背|VX同手机{MO}
phone_bad= {role}的手机{MO}一直关机|给{role}留的{T}打了{n}次都没人接|{role}换了号码，现在用{MO}|投诉后有人用{T}打来恐吓我|公示的责任人手机{MO}已停机
id_end= 身份证号{ID}|我的身份证是{ID}|公民身份号码：{ID}，请查询|本人证件{ID}，户籍在本市|实名认证信息：{ID}|身份证（{ID}）随信附上复印件|老身份证号{ID15}
id_hall= 身份证{ID}，麻烦核对参保记录|系统里把我的证件号录成了{ID}，最后两位错了|老身份证号{ID15}，新证升位以后对不上|老人证件号码{ID}，认证一直不通过|用{ID}登录提示已注册|身份证（{ID}）被人冒名注册了公司|孩子的身份证号码{IDC}，参保系统查不到
{NO}，{ID}，退休金少发了{money}
acc_end= 微信{WX}|我的微信号：{WX}，照片可以发给你们|加QQ{QQ}传材料|QQ：{QQ}|邮箱{MAIL}|书面答复请发到{MAIL}|请回复至 {MAIL} 谢谢|vx：{WX}|扣扣{QQ}在线|E-mail: {MAIL}|视频证据在我微信里，{WX}
现场录像找{WX}要
acc_money= 退款退到支付宝{ALI}|支付宝账号：{ALI}|退费打到卡号{CARD}|银行卡{CARD}，开户行在{pl}支行|补贴一直没到，卡号是{CARD}|赔偿款请转{CARD}|农行尾号不记得了，全号{CARD}|存折早换成了卡{CARD}
scam= 对方用微信{WX}收了我{money}，货没发就拉黑|骗子的QQ是{QQ}，冒充{hall}的人|群主{WX}天天在群里卖假药|刷单被骗，钱打进了{CARD}这张卡|让我转到支付宝{ALI}，说是保证金{sum}|网店只留了个邮箱{MAIL}，退货没人理
自称客服的{T}让我转账{sum}|中介的号码{MO}已经打不通，定金{money}没退|墙上的小广告留的是{MO}，贴满整个单元|{T}这个号码天天半夜响|招聘的{N}收了押金就跑，微信{WX}|养生馆{N}骗老人买{sum}的床垫|收款卡{CARD}，户名{N}
加了微信{MO}，说能办证，收了{money}|冒充{ti}的人叫{N}，电话{MO}
intro= 我叫{N1}|我是{comm}业主{N1}|本人{O1}，今年{age}岁，退休职工|我是{N1}，家住{house}|我{N1}，电话{T}|我是{N1}的{proxy}，代为反映|本人{N1}，身份证号{ID}|我叫{N1}，是{pl}的个体户
小女{NCF}，今年上初一，我是她的家长|我和{kin}{N}都住在这里|我是住在{pl}的{N1}|我的名字叫{N1}，{ID}|我是残疾人{N1}|我是下岗工人{O1}，今年{age}|我们家户主是{O1}|写信人{N1}，联系方式{T}|冒昧打扰，我叫{N1}|{N1}，{comm}住户
我{O1}在{town}住了{nn}年
form= 姓名：{N} 电话：{T} 内容：{prob}|姓名:{N},身份证号:{ID},事项:{prob}|【姓名】{N}【手机】{MO}【诉求】{want}|投诉人：{N}；被投诉人：{N}；事由：{prob}|姓名/{N}，电话/{MO}，地址/{comm}{house}。{prob}
联系人 {N} {T} {prob}|{N}｜{ID}｜{MO}｜{want}|车牌：{P} 车主：{N} 问题：{prob}|姓名：{SP}\u3000证件号码：{ID}\u3000手机：{MO}|{N}，男，{age}岁，{T}，{prob}|{N}，{ID}，{prob}
{N} {MO} {prob}|申请人：{NF}（女），代理人：{N}。{prob}|姓名:{SP} 身份证:{ID} 银行卡:{CARD} {want}|{hall}：{N}，{ID}，补贴未到账，卡号{CARD}
call= 市民来电反映|来电人反映|市民来电咨询并反映|群众来电称|居民来电投诉|市民再次来电反映|（重复来电）市民反映|市民通过APP反映
call_p= 市民{N}来电反映|来电人{N}称|{caller}来电反映|市民{caller}来电|来电人：{N}，联系电话：{T}。反映|居民{N}（{MO}）来电投诉|市民{N}（身份证号{ID}）来电咨询|{caller}（{T}）来电称|市民{N}等{nn}人来电反映
业主{N}再次来电|{comm}{caller}反映|{caller}替母亲{NOF}来电反映|{caller}的{proxy}{N}来电反映|来电人{N}，{age}岁，反映
call_end= 来电人表示不满，要求尽快处理|请相关部门核实处理并回复|希望{unit}尽快核查|来电人要求保密|请贵单位依规办理|诉求：{want}|已告知办理时限为{n}个工作日|来电人认可先行告知的内容，但仍要求{n}日内回复
call_end_p= 来电人要求回电{T}|请联系来电人{MO}|来电人称负责此事的是{N}|来电人不满{role}{N}的处理，要求重办|现场联系人{N}|来电人微信{WX}，可提供照片|被反映人：{N}|经查上一单由{N}承办，来电人不认可|来电人身份证号{ID}
来电人希望由{N}以外的人员处理|来电人提供了退款卡号{CARD}|来电人指认{role}为{N}|来电人备用号码{LA}|话务员已与{N}{ti}核实，说法不一
firm_p= 我司法务{N}多次沟通无果|会计{N}去窗口{n}趟都没办成|项目负责人{N}（{MO}）可以到现场对接|联系人：{N}，{T}|对接人{N}，邮箱{MAIL}|法定代表人由{N}变更为{N}，材料齐全却退件|我司行政{N}与{role}{N}电话沟通过
{role}{N}让我司等通知|联系我司{N}总即可|财务{N}垫付的{sum}请退到{CARD}|办税员{N}身份证{ID}，实名认证失败|请联系我司人事{N}，微信{WX}|我司货车{P}、{P}被限行|公司前台电话没人，请打总助{MO}|材料请发{MAIL}，抄送会计
公司司机{N}驾驶{PG}被重复处罚|法人身份证{ID}上传失败|感谢{unit}{N}专程上门，{good}|{N}{ti}帮我司协调，{good}|出纳{N}被要求重新排队|我司总经理{N}曾当面反映|工程师{N}等人的职称被退回|QQ{QQ}是我司对外联系用的，可传文件
股东{NM}、监事{NF}均已签字|我司由{N}牵头，会计{N}配合|总务{N}座机{LA}
brief_p= {N}服务态度差|{N}好样的{smile}|谢谢{N}|{role}{N}|找{N}没用|{N}太牛了，谁都管不了|表扬{N}！|{P}乱停车|{P}又占道|打我电话{MO}|加微信{WX}|{N}{bad}|{role}{N}不作为|不满意{N}的答复|{N}{ti}辛苦了
邮箱{MAIL}|{N}{N}都很好|{N}，谢谢你|比{N}强|{N}加油|身份证{ID}查不到|换掉{N}吧|{N}还我押金|{N}主任好人{smile}|希望{N}继续留任|{N}值得点赞|问{N}就知道|{MO} 请回电|联系{N}{MO}|{P}挪车！！|举报{N}|{NF}护士真好
支持{N}，支持改革|qq{QQ}|{N}，{bad}|{hall}{N}|{N}给力|{hall}的{N}{good}|{N}再不管我就上访
sign= {N1} {date}|反映人：{N1}|{N1}敬上|业主代表：{N}、{N}|写信人 {N1} {date}|——{N1}|{N1}，{T}|签名：{N1} 电话：{MO} {date}|市民{N1}|{comm}业主{N1}等{nn}户|{date} {N1}|您的市民：{N1}
投诉人{N1}，联系方式{MO}|落款：{N1}|{N1}携全家|{N1}叩首|家长{N1}呈上|村民{N}、{N}（按手印）|此信由{N1}口述，{proxy}{N}代笔|{N1}（{MO}）
hello= 尊敬的市长：您好！|市长您好，|尊敬的领导：|市长同志：|尊敬的市领导，您好！百忙之中打扰了，|您好，|尊敬的市长信箱工作人员： ;; thanks= 此致敬礼！|谢谢！|望批示。|盼复。|敬请答复，不胜感激！|此致 敬礼|恳请领导过问，谢谢！|祝工作顺利！
when= {date}|{m}月{d}日{time}|上周三|国庆前一天|前天{time} ;; date= {m}月{d}日|20{yy}年{m}月{d}日|20{yy}-{mm}-{dd}|20{yy}.{m}.{d}|{m}月{d}号|20{yy}/{m}/{d}
mm= 01|02|03|04|05|06|07|08|09|10|11|12 ;; dd= 0{k}|1{k}|2{k} ;; ymd= 20{yy}{mm}{dd} ;; inv= 044{#9}|0{#9} ;; einv= 2<3/4/5>332000000{#9}|0{#7}
contract= HT-20{yy}-0{#3}|XM20{yy}{#6}|20{yy}-JS-{#4}|（20{yy}）第{#4}号|ZB{ymd}-{#2}
order= GD{ymd}{#6}|{yy}{mm}{dd}{#7}|{ymd}0000{#6}|DH20{yy}-{#5}|{ymd}{#3}|SF14000{#8}|{ymd}{#8}|{ymd}{#11}|Q{#7}
caller= {surname}<先生/女士/先生/女士/小姐> ;; surti= {surname}{post} ;; mayor= {surname}<市长/市长/书记/局长>
py= wang|li|chen|zhou|lin|xiaoyu|haitao|meimei|jianguo|yan|ping|sunny|lele|momo|feng|dong|yueyue|qiang|hao
host= @example.com|@example.com|@example.cn ;; QQ= <8/9>0000{#5}
WX= wxid_0000{#2}x{#3}|{py}_{py}0000|{py}-{py}000{#2}|{py}{py}0000{#2}|{py}_0000{#3}|Mm{py}000{#2}
MAIL= {py}.{py}{host}|{py}{py}{#2}{host}|{py}_{#4}{host}|90000{#5}{host}|{py}-{py}{host}|{py}2020{host} ;; ALI= {MAIL}|{MAIL}|{MAIL}|{UID}
UID= 2088000000{#6} ;; area= 010|021|023|025|028|029|0571|0574|0512|0755|0531|0371|0591 ;; area7= 0570|0578|0556|0796|0874
LA= {area}-800000{#2}|{area}-800000{#2}|{area}-8000-00{#2}|{area}800000{#2}|({area})800000{#2}|（{area}）800000{#2}|{area} 800000{#2}|{area}—800000{#2}
{area7}-800000{#1}|{area7}-800000{#1}|{area7} 800000{#1}|({area7})800000{#1}
T= {MO}|{MO}|{MO}|{MO}|{MO}|{LA} ;; ID= {ID18}|{ID18}|{ID18}|{ID18}|{ID18}|{ID18}|{ID18}|{ID15} ;; ID15= {region}{b2}{mm}{dd}{#3}
sep= ||||||·|·| |-|•|. ;; tail= {#4}|{#3}{A}|{A}{#3}|{#1}{A}{#2}|{#2}{A}{A}|{#4}
P= {head}{sep}{tail}{#1}|{head}{sep}{tail}{#1}|{head}{sep}{tail}{A}|{head}{sep}D{#5}|{head}{sep}<F/D>A{#4}|{head}{sep}{#5}D
PN= {head}{sep}D{#5}|{head}{sep}F{#5}|{head}{sep}DA{#4}|{head}{sep}{#5}D ;; PG= {head}{sep}{tail}挂 ;; PX= {head}{sep}{#4}学 ;; PJ= {head}{sep}{#4}警
end= {phone_end}|{phone_end}|{phone_end}|{phone_end}|{id_end}|{id_end}|{acc_end}|{acc_end}|{acc_money} ;; d0= |{det}|{det}~{det}
d1= {det}|{det}~{det}|{det}~{det}~{det} ;; d3= {det}~{det}~{det}|{d1}~{d1}~{det}|{det}~{d1}~{d1}~{d1} ;; d9= {d3}~{d3}~{d3}|{d3}~{d3}~{d1}~{d3}~{d3}
five= 一、{prob}；二、{det}；三、{det}；四、{det}；五、{det}。以上，{want}|1.{prob}；2.{det}；3.{det}。{want}|第一，{prob}；第二，{det}；第三，{det}。所以{want}
case= {prob}~{d1}~{want}|{prob}~{d3}~{want}|{prob}~{d3}~{want}|{prob}~{d9}~{want}|{five}
case_p= {prob}~{d0}~{mid}~{want}|{mid}~{d1}~{want}|{prob}~{d3}~{mid}~{want}|{case}|{prob}~{mid}~{d9}~{want} ;; pause= |　| 
sur= {surti}也知道这件事|{surti}让我找{surti}|{surti}说再等等|找过{surti}，没用
o_survey= {prob}~{d1}~{want}|{prob}~{d1}|{d1}~{want}|{prob}~{want}|{prob}|{d1}|{prob}~{d3} ;; o_brief= {brief}
o_praise= {praise}|{praise}~{praise}|{praise}~{praise}~{praise}|{praise}{smile}
o_call= {call}<，/：>{prob}~{d0}~{call_end}|{call}<，/：>{prob}~{d1}~{call_end}
o_letter= {hello}{case}。{pause}{thanks}|{hello}{case}。{pause}{thanks} {sig} {date}
o_firm= {prob}~{d1}~{want}|{prob}~{d0}|{prob}~{want}|{d1}~{want}
p_survey= {prob}~{mid}|{mid}|{mid}~{det}|{prob}~{mid}~{want}|{mid}~{want}~{end}|{prob}~{mid}~{end}|{intro}~{prob}~{want}|{intro}~{mid}|{prob}~{end}
{mid}~{end}|{prob}~{det}~{end}|{prob}~{sur}~{mid}|{det}~{mid}~{want}
p_brief= {brief_p}|{brief_p}|{brief_p}|{brief_p}|{phone_end}|{acc_end}|{acc_money}|{id_hall}|{plate_bad}|{plate_bad}
p_praise= {name_good}|{name_good}~{praise}|{praise}~{name_good}|{praise}~{name_good}~{praise}|{name_good}{smile}|{plate_good}
{praise}~{name_good}~{phone_end}
p_call= {call_p}<，/：>{prob}~{d0}~{call_end}|{call_p}<，/：>{prob}~{d0}~{call_end_p}|{call}<，/：>{prob}~{d0}~{call_end_p}
{call}<，/：>{mid}~{d0}~{call_end}|{call_p}<，/：>{prob}~{mid}~{call_end}
p_letter= {hello}{intro}，{case}。{pause}{thanks}{pause}{sign}|{hello}{intro}，{case_p}。{thanks}|{hello}{case_p}。{pause}{thanks}{pause}{sign}
尊敬的{mayor}：您好！{case_p}。{thanks} {sign}|{hello}{case}。{thanks} {sign}|{hello}{intro}，{case}~{end}。{thanks}
p_firm= {prob}~{d0}~{firm_p}|{prob}~{firm_p}~{want}|{prob}~{d0}~{firm_p}~{firm_p}|{firm_p}~{want}|{prob}~{d0}~{want}~{firm_p} ;; p_form= {form}
p_scam= {scam}|{scam}~{decoy}|{scam}~{end}
"""

# Matters: roles @ titles @ units @ problem @ more about it @ what is wished.
CITIZEN = """
@ 工地负责人|城管队员|网格员|施工队长@队长|主任|书记@{town}街道办|城管中队|{town}社区@{pl}旁边的工地{night}以后还在打桩，全家老小睡不着|楼下{shop}每晚放音响到{night}，关了窗也听得一清二楚|对面楼盘连续{days}夜间浇混凝土@
自己拿手机测过，{nn}分贝往上|高考前后也照样开工|110来过两趟，人一走又开始|施工许可牌也没有张贴|周边三个小区都受影响@请限定施工时段|希望依据《噪声污染防治法》处罚|强烈要求夜里停工|盼相关部门夜间突击检查一次
@ 物业经理|网格员|保安队长|管家@经理|主任|书记@{wy}|{town}社区|业委会@{comm}电梯一个月坏了{n}次，老人上下楼全靠爬|{comm}地下室连续{days}积水，电瓶车都泡了|物业费每平涨了{n}毛，事先没有任何公示|单元门禁坏了{days}没人修@
维修基金账目从来不公开，{sum}花到哪里去了|说是高峰期人手不够|{house}的漏水也拖着不管|监控全部是摆设|消防通道堆满装修垃圾@请街道监督物业把账目公示出来|希望尽快安装新电梯|要求更换物业|应当给业主一个简单明白的说法
@ 停车收费员|交警|保安|停车场管理员@警官|队长|师傅@交警大队|{town}街道|停车公司@{pl}两侧停满了车，消防车进不去|{comm}门口的泊位被地锁占了一半|{hosp}停车半小时收{nn}元，没有收费公示牌|外地牌照的大货车夜里全停在{pl}@苏E牌照的、浙A牌照的都有
违停从早到晚，{time}最严重|电话打给{short}也没有结果|关闭了一个出口以后更堵|白线划得连公交都转不过弯@希望增设泊位|请交警加强{pl}的巡逻|要求清理僵尸车|建议高峰时段单行
@ 护士长|挂号员|导诊|急诊医生|收费员@医生|护士长|主任@{hosp}|卫健委|医保窗口@在{hosp}排队{n}小时，看病两分钟|{hosp}退费跑了{n}趟，每次都差一张单子|检查费{money}，开单前没说医保不能报|{hosp}预约平台版本{ver}老是闪退，老人根本约不上@
发票代码{inv}，收费员说系统查询不到|曾经在别的医院做过同样的检查，还要重做|药费占了{pct}|候诊区连张椅子都没有|说明书上的常见副作用没人讲@建议多开几个窗口|希望检查结果互认|请核实收费是否合理|要求给书面解释
@ 班主任|教务老师|门卫|校车司机|生活老师@老师|校长|主任@{sch}|教育局|{town}学区@{sch}中午吃的是预制菜，孩子回家老是拉肚子|{sch}课后服务费{money}，说是自愿，全班必须交|{sch}门口上下学时段堵得水泄不通|学区划分方案今年又变了，{comm}被划了出去@
每月伙食费{money}，家长要求看菜单被拒绝|孔庙旁边的老校区关闭后，走路要{nn}分钟|家委会群里一发言就被移出|公示只有{n}天|学雷锋活动搞成了摆拍@请教育局查一查|希望公开收费明细|建议错峰放学|要求恢复原来的做法
@ 社保窗口人员|公积金专员|大厅值班长|经办人|审核员@科长|主任|老师@政务服务中心|社保局|公积金中心@办退休手续来回{n}趟，每次说的材料都不一样|{age}岁的老人还要本人到场做认证|线上提交{days}了，状态一直是审核中|异地就医备案成功了，结算时又说没有@
取号排到{nn}号，窗口只开了两个|按{doc}早就取消这项证明了|系统提示{ip}连接失败|科长不在，让改天再来|材料白跑白交@希望一次讲清楚要带什么|请简化流程|建议午间不断岗|盼给个准信
@ 公交司机|调度员|安检员|出租车司机@师傅|队长|站长@公交公司|运管所|地铁公司@{bus}早高峰要等{mi}分钟，来了也挤不上|{bus}改道以后不经过{pl}，去{hosp}要换两次车|{bus}末班车{n}点就没了，下夜班只能走回去|{pl}站台的电子屏坏了{days}@
老年卡刷了三次没反应，还被催|平时{n}分钟一班，周末随缘|车上空调3{k}度跟没开一样|万一摔倒了算谁的|孔子像那一站连个雨棚都没有@希望高峰加密班次|请恢复{pl}站|建议延长运营时间|要求道歉
@ 环卫队长|保洁主管|网格员|垃圾分类督导员@队长|主任|书记@环卫所|{town}社区|{town}街道@{pl}的垃圾房天天满溢，苍蝇成群|{comm}后面的河道发黑发臭{days}了|化粪池外溢流到{pl}，踩都没处踩|建筑垃圾倾倒在{town}村口，有{size}@夏天味道传到{n}楼
清运从一天{n}次减到一次|拍照上传小程序，编号{order}，没人管|周末完全没人扫|污水井盖也少了一个@请安排及时清运|希望增设投放点|要求追查倾倒的车|宁可多交点钱也要干净
@ 拆迁办工作人员|村主任|测绘员|驻村干部@书记|主任|镇长@{town}镇政府|征收办|{town}村委会@拆迁协议签了{n}年，安置房连桩都没打|过渡费拖欠{n}个月，合计{sum}|宅基地测量少算了{size}|征地补偿标准同村不同价@
合同编号{contract}，白纸黑字写着{n}年交付|村务公开栏上一次张贴还是20{yy}年|连续找了{n}任干部，说法都不同|和谐社会不能这样和稀泥|补偿方案没有征求过意见@要求公开补偿明细|请明确交房时间|希望上级下来查账|盼早日住进新房
@ 包工头|项目经理|劳务队长|人事@经理|队长|仲裁员@劳动监察大队|{co}|人社局@在{pl}的工地干了{days}，工资{sum}一分没拿到|{co}裁人不给补偿，还让签自愿离职|公司{n}年没交公积金，问就是试用期|加班到{night}，一分钱加班费没有@
仲裁裁决书下来{days}了还不执行|打卡记录{nn}天全部都有|年底说资金紧张，平时照样发奖金给领导|{anon}一直躲着不见人|劳动合同只有一份还被收走@请劳动监察介入|希望过年前拿到血汗钱|要求补缴社保|请指一条明路
@ 销售顾问|置业经理|售楼员|客服@经理|主任|律师@住建局|开发商|售楼处@{comm}延期交房{days}，开发商电话关机|精装修{money}一平，交付后墙皮一碰就掉|买房时承诺的学区和{bus}全部没有兑现|定金{sum}说好可退，现在不认账@购房合同第{n}条写得明明白白
预售证上的层高是<2/3>.9米，实测少了{nn}厘米|业主群里{nn}多户都一样|沙盘上的湖变成了单位宿舍|监管账户余额只剩{pct}@要求退还定金|请住建局公布监管资金去向|希望约谈开发商|尽快复工交付
@ 抄表员|维修师傅|营业厅人员|接线员@师傅|站长|经理@自来水公司|供电所|燃气公司@{comm}{n}楼以上从{date}起水压小得洗不了澡|一个月电费{money}，是平时的{n}倍|{pl}一带每到{time}就停电|暖气温度只有1{n}度，交了全款却受冻@拨了95598，说是设备老化
水表读数0{nn}8{n}，跟账单对不上|抢修通知没有张贴|管道改造说了{n}年|万一煤气泄漏谁负责@请检测一下|希望查清表是否正常|要求退还多收的费用|请明确恢复供应的时间
@ 市场管理员|店长|老板|执法人员@所长|店长|队长@市场监管所|{shop}|消保委@在{shop}买的熟食{n}天就发霉，要求退款{money}被拒|{shop}办卡充值{money}，才{nn}天就关门了|菜市场缺斤短两，{n}斤的鱼少了{n}两|网上下单{order}，货到是空盒子@
小票上时间是{date} 1{n}:{mi}|12315回复说平台不在本地|条形码690000000{nn}{n}扫不出来|许多老人上当|金额不大但是太气人@要求三倍赔偿|请立案查处|希望把黑店曝光|退一赔三，依据《消费者权益保护法》第五十五条
@ 狗主人|民警|养犬办人员|网格员@警官|所长|主任@{town}派出所|{town}社区|城管局@{comm}有人养大型犬不拴绳，{date}差点咬到孩子|楼上{n}户群租，一到{night}就打牌吵架|电瓶车在{n}单元门厅飞线充电|高空抛物砸坏了晾衣架，查不到是谁@
报警回执编号{order}|保安和楼长都劝过|社区白天张贴了通知，夜里就被撕了|孩子吓得连续几晚做噩梦|老小区单元楼道没有监控@请依法处理|希望装几个朝天摄像头|要求上门教育|建议集中建充电棚
@ 养护队长|施工员|巡查员|红绿灯维护人员@队长|科长|工程师@市政养护所|住建局|交通局@{pl}路面坑坑洼洼，{date}又有人骑车摔伤|{pl}路口的红灯要等{nn}秒，绿灯只有{n}秒|G60高速{town}出口标线看不清|{pl}路灯灭了{days}，晚上一片漆黑@
同一段路20{yy}年挖了{n}次|灯杆编号{town}-0{nn}，已经报修两回|关公像前面那一段最深，能养鱼|简单填了点土就算完工|雨天完全变成河@请尽快修补|希望有人到现场看|建议安装减速带|要求问责施工单位
"""
FIRM = """
@ 窗口人员|审批科工作人员|帮办员|联络员@科长|主任|处长@行政审批局|市场监管局|高新区管委会@我司办理经营许可变更，线上退件{n}次，每次理由都不一样|我公司{date}提交的环评材料，至今没有任何意见反馈|我司消防验收排队{days}，厂房空着每天亏{sum}@
受理编号{order}，查询页面只显示办理中|按{doc}应当在{n}个工作日内办结|统一社会信用代码{credit}，系统提示已存在|版本{ver}的申报软件不支持新系统@建议一次性告知|请明确办理时限|希望容缺受理|盼帮办代办真正落地
@ 税管员|专管员|大厅咨询员|稽查人员@科长|所长|老师@税务局|第{n}税务所|办税服务厅@我司留抵退税{sum}申请了{days}没有到账|发票额度从{nn}万降到{n}万，事先没人通知我司|纳税信用等级从A变成M，问不出原因|跨区迁移要先补三年的账，实在做不到@
发票号码{einv}，被红冲两次|金税系统{ip}经常连不上|连续三个月零申报是疫情造成的|费用加计扣除比例各窗口口径不一，差了{pct}|会计跑断腿，法务看不懂@请给书面答复|希望统一口径|建议多办几场培训|要求恢复额度
@ 客户经理|政策专员|园区招商员|评审专家@经理|主任|行长@经信局|科技局|园区管委会@技改补贴公示{days}了，{sum}还没有拨付|高企认定的分数只差{n}分，评审意见只有一句话|银行说有金融支持政策，到柜台又要抵押|人才公寓名额从{nn}套减到{n}套@
依据{doc}，我司完全符合条件|合同编号{contract}，验收报告也交了|利率从{n}.{n}%涨到{n}.85%|周边城市同类企业早就拿到了|同样的材料已经交过{n}遍@请兑现承诺|希望公开评分细则|建议政策直达、免申即享|宁可少一点也要快一点
@ 甲方代表|招标代理|项目监理|现场代表@工程师|经理|主任@公共资源交易中心|{co}|城投公司@我司承建的安置房项目完工{n}年，尾款{sum}一拖再拖|招标文件第{n}条明显量身定做|投标保证金{sum}该退不退|中标通知书发了{days}，合同一直签不下来@
项目编号{contract}，可以查询|审计说等财政，财政说等审计|工程量清单和图纸版本{ver}对不上|法务发过律师函，没有回音|平时开会都说支持民企@请督促付款|要求重新评审|希望账款清欠有个时间表|请依据{law}处理
@ 供电客户经理|网格员|安监员|环保执法人员@主任|队长|所长@供电公司|应急管理局|生态环境分局@园区一年限电{n}次，每次只提前半天通知我司|同一个月被检查{n}次，查的东西一模一样|货车进{pl}要通行证，一次只批{n}天|厂门口修路{days}，物流成本涨了{pct}@
产线停一小时损失{sum}|检查表编号{order}，结论都是合格|任何整改我司都配合，但是要一次讲清|高峰时段电价每度{n}毛多@建议联合检查|希望提前告知|请延长有效期|盼出台明确方案
"""
PRAISED = dict(role="社区民警|网格员|窗口人员|护士|导办员|志愿者|抄表师傅|环卫工|援助律师|大厅值班长|接线员|楼长|跑腿办事员|调解员".split("|"),
               ti="主任|老师|师傅|医生|警官|书记|所长|法官|社工|律师".split("|"), unit="{hall}|{hosp}|{hall}|供电所|{town}街道|{town}派出所".split("|"))

SURNAMES = [
    (58, "王李张刘陈杨黄赵周吴徐孙朱马胡林郭何高罗郑梁谢宋唐"),
    (30, "许邓冯韩曹曾彭肖蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江"),
    (12, "单费简全应包解明计强宁万连平成和时查安常温关祝臧缪阚佟戚仇麻楼翁鲍虞裘岑屠边卞幸冼蔺母巫晏娄储桑竺苗"),
]
COMPOUND = "欧阳 上官 司马 诸葛 夏侯 皇甫 尉迟 慕容 令狐 司徒 端木 公孙 东方 宇文 澹台 申屠".split()
GIVEN = {  # first letter: old, middle-aged, young; second letter: male, female
    "om": "建国 国庆 德福 永昌 金水 根生 长贵 宝才 福根 宗耀 炳坤 锡林 庆余 世昌 守义 兴旺 有才 阿根 松涛 茂林 仁贵 洪亮 继祖 定邦 土根 友谅 维汉 伯钧",
    "of": "秀兰 淑珍 桂英 玉梅 凤英 阿娣 彩凤 雪琴 月娥 菊香 银花 素芬 惠芳 翠莲 金娣 巧云 春香 佩珍 兰芝 杏花 招弟 荷仙 瑞芬 宝珠 桂花 婉如 来娣",
    "mm": "海涛 建平 志刚 晓东 立军 文斌 国栋 卫东 少华 振宇 光明 跃进 红兵 爱民 朝阳 新民 克勤 学兵 伟民 志远 利锋 永强 华锋 春生 敬业 平安 方舟",
    "mf": "丽娟 晓燕 雅琴 海燕 春梅 红霞 敏芝 慧敏 亚萍 小玲 文静 冬梅 美华 莉莉 向红 爱华 丽萍 群英 佳慧 晓红 燕飞 秋月 舒云 冰洁 如意 水仙",
    "ym": "浩宇 子轩 俊杰 奕辰 沐阳 梓豪 宇航 一鸣 嘉豪 泽楷 承泽 昊然 景行 知远 思远 逸飞 皓轩 明哲 亦寒 天佑 博文 予安 锦程 子默 星野 小满 天成",
    "yf": "梓萱 思琪 雨桐 欣怡 诗涵 可馨 若曦 语嫣 婉清 佳怡 子衿 一诺 安然 乐瑶 昕玥 沁怡 予乔 芷晴 念慈 依依 晨曦 云舒 书瑶 半夏 桐羽 青禾 可可",
}
GIVEN = {group: text.split() for group, text in GIVEN.items()}
SINGLE = {"m": "伟强磊军洋勇杰涛超刚鹏斌凯锋毅峰亮辉彬睿晨旭川", "f": "芳娜敏静丽艳娟霞颖婷莉琴玲燕红萍蕾倩悦琪岚瑛薇禾"}
AVOID = set("陆军 陆毅 王凯 王晨 李娜 刘洋 安静 宁静 平静 和静 全军 万军 高亮 明亮 温静 马超 朱军 陈红 何洁 高磊 高峰 王毅 李强 王勇 应勇 李鹏 陈毅 朱婷 谢娜 安娜 张杰 周杰 "
            "李晨 张军 马丽 万平安 全平安 连平安 方方舟 和平安 应如意 计天成 王川 四川 成天成 万如意 全国庆 和光明 平安然 全安然 应安然".split())
PEOPLE = dict(N="om of mm mf mm mf ym yf", NF="of mf yf", NM="om mm ym", NO="om of", NOF="of", NOM="om", NC="ym yf", NCF="yf", NCM="ym")
RANGES = dict(n=(2, 9), nn=(11, 68), mi=(10, 59), yy=(19, 25), age=(58, 91), m=(1, 12), d=(1, 28), k=(1, 8), b2=(30, 82))
KEPT = {"pl", "town", "comm", "wy", "shop", "hosp", "sch", "co", "role", "unit", "hall"}
MARKED = dict(account="QQ WX MAIL UID CARD", phone="LA MO", identity="ID18 ID15 IDC", plate="P PN PG PX PJ", name="SP N1 O1 " + " ".join(PEOPLE))
MARKED = {key: kind for kind, keys in MARKED.items() for key in keys.split()}
TYPOS = [("反映", "反应"), ("已经", "以经"), ("在现场", "再现场"), ("安装", "按装"), ("张贴", "张帖"), ("的", "地"), ("部门", "部们"), ("天天", "天无"),
         ("解决", "解绝"), ("希望", "希忘"), ("态度", "太度"), ("应当", "因当"), ("处理", "处里"), ("要求", "要球"), ("小区", "小驱"), ("没有", "没由")]
CN = dict(zip("0123456789", "零一二三四五六七八九"))
WIDE = {ord(c): ord(c) + 0xFEE0 for c in "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ-+"}
PREFIXES = "130 131 132 133 135 136 137 138 139 150 151 152 155 157 158 159 166 173 176 177 178 180 182 185 186 187 188 189 191 198 199".split()
REGIONS = "110000 120000 130000 210000 310000 320000 330000 340000 350000 360000 370000 410000 420000 440000 500000 510000 610000".split()
PLATES = [p + x for p in "浙浙苏苏皖沪京津冀晋辽吉黑闽赣鲁豫鄂湘桂渝贵云陕甘" for x in "XYZ" if p + x not in ("鲁Y", "京Y", "沪X", "沪Y")]
ROADS = ("交警", "公交", "城管", "环卫", "市政", "派出所", "街道")  # units to which people write about vehicles


def words(text):
    """Read "name= a|b|c", parted by ;; or going on in the next lines, into a dictionary of choices."""
    found = {}
    for line in text.strip("\n").replace(" ;; ", "\n").split("\n"):
        start = re.match(r"([A-Za-z_0-9]+)= ", line)
        name = start[1] if start else name
        found.setdefault(name, []).extend(line[start.end() if start else 0:].split("|"))
    return found


def matters(text):
    """Read the blocks of matters into dictionaries of choices."""
    blocks = text.strip().replace("@\n", "@").replace("\n@ ", "\r").replace("\n", "|").lstrip("@ ").split("\r")
    return [dict(zip(("role", "ti", "unit", "prob", "more", "want"), [part.split("|") for part in block.split("@")])) for block in blocks]


WORDS, CITIZEN, FIRM = words(DATA), matters(CITIZEN), matters(FIRM)
WORDS.update(pl2=WORDS["pl"], head=PLATES, region=REGIONS, A=list("ABCDEFGHJKLMNPQRSTUVWXYZ"))


class Comment:
    """One comment: fills the gaps of sentences and remembers places and people that must stay the same."""

    def __init__(self, rng, style):
        self.r, self.kept, self.used = rng, {}, set()
        self.words = dict(WORDS, **rng.choice(FIRM if style == "firm" else CITIZEN))
        unit = "".join(self.words["unit"])
        self.words["mid"] = (["{name_bad}"] * 6 + ["{phone_bad}"] + ["{plate_bad}"] * 8 * any(w in unit for w in ROADS)
                             + ["{id_hall}"] * 7 * ("社保" in unit))
        if style == "praise":
            self.words.update(PRAISED)

    def fill(self, text):
        text = re.sub(r"<([^<>]*)>", lambda m: self.r.choice(m[1].split("/")), text)
        return re.sub(r"\{([#\w]+)\}", lambda m: self.gap(m[1]), text)

    def gap(self, key):
        """The text for {key}; {#4} is four digits."""
        slot = "N1" if key == "O1" else key
        if slot in self.kept:
            return self.kept[slot]
        if key[0] == "#":
            value = "".join(self.r.choice("0123456789") for _ in range(int(key[1:])))
        elif key in RANGES:
            value = str(self.r.randint(*RANGES[key]))
        elif MARKED.get(key) == "name":
            value = self.person(PEOPLE[{"N1": "N", "O1": "NO", "SP": "N"}.get(key, key)])
            value = "\u3000".join(value) if key == "SP" and len(value) == 2 else value
        elif key in self.words:
            value = self.fill(self.fresh(self.words[key]))
        else:
            value = getattr(self, "gap_" + key)()
        if key in MARKED:
            value = OPEN + MARKED[key] + MID + self.vary(MARKED[key], value) + CLOSE
        if slot in KEPT or slot == "N1":
            self.kept[slot] = value
        return value

    def fresh(self, choices):
        """A choice not used before in this comment, if there is one."""
        choice = self.r.choice([c for c in choices if c not in self.used] or choices)
        if len(choice) > 4 and "~" not in choice:
            self.used.add(choice)
        return choice

    def vary(self, kind, text):
        """Some write plates in small letters, or plates and identity numbers in full-width characters."""
        dice = self.r.random()
        if kind == "plate" and dice < 0.06:
            return text.lower()
        return text.upper().translate(WIDE) if kind in ("plate", "identity") and dice > 0.97 else text

    def gap_det(self):
        left = any(choice not in self.used for choice in self.words["more"])
        return self.gap("more" if left and self.r.random() < 0.45 else "decoy")

    def gap_credit(self):
        base = self.fill("91{region}<MA0000{#2}K/00000{#4}>")
        alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
        return base + alphabet[-sum(alphabet.index(c) * 3 ** i for i, c in enumerate(base)) % 31]

    def gap_surname(self):
        group = self.r.choices([names for _, names in SURNAMES], [weight for weight, _ in SURNAMES])[0]
        return self.r.choice(COMPOUND if self.r.random() < 0.05 else group)

    def person(self, groups):
        while True:
            group, surname = self.r.choice(groups.split()), self.gap_surname()
            given = self.r.choice(SINGLE[group[1]] if self.r.random() < 0.2 else GIVEN[group])
            if len(surname) == 1 and self.r.random() < 0.01:
                surname += self.r.choice("张杨林陈周叶")
            if surname + given not in AVOID and surname[-1] != given[0]:
                return surname + given

    def gap_MO(self):
        a, b, c = self.r.choice(PREFIXES), "0000", self.gap("#4")
        whole, dice = a + b + c, self.r.random()
        if dice < 0.04:  # written so that a machine should not see it
            hidden = whole.translate({ord(d): "零壹贰叁肆伍陆柒捌玖"[int(d)] for d in CN})
            mixed = "".join(CN[d] if i % 2 else d for i, d in enumerate(whole))
            return self.r.choice([" ".join(whole), mixed, hidden, a + "零零零零" + c, a + "oooo" + c, "、".join((a, b, c)), ".".join((a, b, c)),
                                  "".join(d + "\ufe0f\u20e3" for d in whole), a + "-oo-00-" + c])
        if dice < 0.10:
            one, nought = self.r.choice("幺幺一"), self.r.choice("零零〇")
            spoken = "".join({"1": one, "0": nought}.get(d, CN[d]) for d in whole)
            return self.r.choice([spoken, spoken, spoken[:3] + " " + spoken[3:7] + " " + spoken[7:]])
        if dice < 0.14:
            return whole.translate(WIDE)
        if dice < 0.20:
            return self.r.choice(["+86", "+86 ", "86-", "0086", "+86-"]) + self.r.choice([whole, f"{a} {b} {c}", f"{a}-{b}-{c}"])
        return self.r.choice([f"{a} {b} {c}", f"{a}-{b}-{c}", f"{a}{b} {c}", f"{a} {b}{c}", f"{a}-{b}{c}"]) if dice < 0.36 else whole

    def gap_ID18(self, years=(1938, 2003)):
        body = self.gap("region") + str(self.r.randint(*years)) + self.fill("{mm}{dd}{#3}")
        last = "10X98765432"[sum(int(d) * (2 ** (17 - i) % 11) for i, d in enumerate(body)) % 11]
        text = body + (last.lower() if self.r.random() < 0.3 else last)
        return f"{text[:6]} {text[6:14]} {text[14:]}" if self.r.random() < 0.06 else text

    def gap_IDC(self):
        return self.gap_ID18((2011, 2019))

    def gap_CARD(self):
        body = "62220000" + self.gap("#" + self.r.choice(["7", "8", "9", "10", "10", "10"]))
        text = body + str(-sum(d if i % 2 else d * 2 - 9 * (d > 4) for i, d in enumerate(map(int, reversed(body)))) % 10)
        return self.r.choice([text, text, " ".join(text[i:i + 4] for i in range(0, len(text), 4))])

    def text(self, recipe):
        """The whole comment; every ~ of the recipe becomes a comma, a full stop or the like."""
        whole = self.gap(recipe)
        joints = "，，，。。；" if whole.count("~") < 4 else "，，。。"
        whole = re.sub("([，。！：？；]?)~+", lambda m: m[1] or self.r.choice(joints), whole.strip("~"))
        whole = re.sub("([！？。])。", r"\1", whole)
        ended = whole[-1] in "。！？" or recipe[2:] in ("brief", "letter", "form")
        return whole + ("" if ended else self.r.choice(["。", "。", "。", "。", "！", "", "！！"]))


def roughen(rng, text, style):
    """Change some comments a little, never inside a mark: no punctuation, ASCII punctuation, a typing error, an emoji."""
    dice, typo, out = rng.random(), rng.choice(TYPOS) if rng.random() < 0.08 else ("\n", ""), []
    for piece in re.split(f"({OPEN}[^{CLOSE}]*{CLOSE})", text):
        if not piece.startswith(OPEN):
            piece = piece.replace(*typo, 1)
            if dice < 0.05:
                piece = re.sub("[，。；！：]+", " ", piece)
            elif dice < 0.09:
                piece = re.sub(r"(?<=[\u4e00-\u9fff])[，。；！]+(?=[\u4e00-\u9fff])", "", piece)
            elif dice < 0.16:
                piece = piece.translate(str.maketrans("，。；！：", ",.;!:"))
        out.append(piece)
    text = "".join(out).strip(" ，；")
    return text + rng.choice("👍🙏🌹" if style == "praise" else "🙏😡😭😤💢") * rng.choice([1, 1, 2, 3]) if rng.random() < 0.03 else text


def comments(count, seed):
    """Yield the comments; the same comment is not given twice unless nothing else can be found."""
    rng, seen = random.Random(f"mailbox {seed}"), set()
    for _ in range(count):
        secret = rng.random() < 0.5
        style = rng.choices("survey brief praise call letter firm form scam".split(), [30, 14, 12, 16, 16, 11, 6 * secret, 4 * secret])[0]
        for _ in range(60):
            text = roughen(rng, Comment(rng, style).text(("p_" if secret else "o_") + style), style)
            plain = re.sub(f"{OPEN}[a-z]+{MID}|{CLOSE}", "", text)
            if 5 <= len(plain) <= 400 and (1 <= text.count(OPEN) <= 3) == secret and plain not in seen:
                break
        seen.add(plain)
        yield text


if __name__ == "__main__":
    for line in comments(int(sys.argv[1]), sys.argv[2]):
        print(line)
