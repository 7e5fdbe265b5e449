#!/usr/bin/env python3
"""Invented citizens' comments in Chinese, with the personal data in them marked.

Usage: orders.py COUNT SEED

Prints COUNT comments, one per line, in the manner of survey answers, 12345 hotline orders, letters to the mayor and
remarks left at service-hall windows. About half hold nothing personal but plenty that resembles it; the others hold
one to three personal data, each written as U+E000 kind U+E001 text U+E002, the kind being phone, identity, plate,
name or account. A surname with a title (王科长) is not marked and occurs only beside marked data.
The same COUNT and SEED give the same lines.

Nothing here belongs to anyone: mobile numbers have 0000 in the middle, landlines an area code that is not in use,
identity numbers the code of a whole province, plates a second letter never issued in their province, QQ numbers are
above those given out, bank cards start with 000 or 6222 0000, mail goes to example.com and example.cn.
"""
import random
import re
import sys
from collections import defaultdict

OPEN, MID, CLOSE = "\ue000", "\ue001", "\ue002"

# "key = a|b|c" gives the alternatives of a rule and goes on in lines without a key; § is a digit, {key} one alternative
# of that rule or what the function of that name in VALUES returns. A topic has .p problem, .e effect, .r request, and
# may have .m clauses with a name that suit it.
GRAMMAR = """
area = 王家巷|李村|张店区|马桥镇|石门|高新区|黄金大道|陈家沟|周庄|杨柳路|徐家汇那边|孙村|胡家湾|朱家角|何家坝|郭庄|罗店|曹家渡|江宁路|常平镇|安居苑|白云路|温泉小区|方庄|康桥|欧阳路|诸葛镇|司马营|上官村|金水湾|万福路|段家屯|石马公园|中山路|张衡路|雷家店
|高坎|易家墩|宋家塘|龙门大街|钱塘路|谢桥|林场路|田心村|唐家墩|夏庄|余家头|熊家嘴|牛街|祝塘镇|尹山湖|文昌路|章贡区|关山大道|解放路|城南|河西|汤山|秦岭路|黎明新村|乔司
spot = 小区门口|菜场旁边|小学门口|公交站|十字路口|地铁口|{n}号楼下面|{n}幢楼下|北门|卫生院对面|江边|农贸市场|老年活动室|停车场|桥头|公园里
place = {area}|{area}{spot}|{area}{spot}|{area}与{area}交叉口|{area}{n}号附近|我们小区|{spot}
long = {n}天|快两年|三个多月|半个月|一个多星期|好几年|大半年|从去年冬天到现在|{month}到现在|{n}个月|五六天|一年零四个月
month = {m}月|{y}年{m}月|去年{m}月
date = {y}-{mm}-{dd}|{y}.{m}.{d}|{y}{mm}{dd}|{y}年{m}月{d}日|{m}月{d}号|{m}月{d}日上午|{y}/{m}/{d}|{m}.{d}|{m}月{d}日{hh}点{mi}分|二〇二四年三月十五日|上周五|前天下午|大年初六
clock = {hh}:{mi}|{hh}:00|{hh}点半|凌晨两点|晚上十一点|早上六点|十二点
small = {n}元|{n}0元|{n}块|￥{n}0.00|1{n}.50元|一百二十块|三百来块|1{n}元
money = {n}00元|{n}万元|{n},000元|￥{n}800.00|人民币壹万贰仟叁佰元整|叁仟陆佰元|两千多块钱|13800元|1,380,000.00元|一千八百六十元|18600元整|12.8万|一百三十八万
role = 科长|主任|书记|经办人|窗口老师|值班医生|负责的师傅|村里会计|物业经理|班主任|大厅的引导员|领导|管这个的小伙子|社区大姐|所长
biz = 营业执照|不动产登记|社保转移|医保报销|公积金提取|居住证|户口迁移|生育津贴|残疾证|老年卡|食品经营许可证|退休|灵活就业参保|落户
bus = {n}路|1§§路|13§路公交|K1§§路|B支{n}线|地铁{n}号线|幺零幺路|1§8路区间车|夜{n}路
unit = 社区|街道|城管|住建局|人社局|医保局|教育局|交警队|供水公司|物业|镇政府|信访局|市场监管所|派出所|环保局|自然资源局|规划科|有关单位
short = 12345|12345|12345|12333|12315|12328|12366|12393|12369
order = {y}{mm}{dd}§§§|{y}{mm}{dd}§§§§§§|WD-{y}-{mm}{dd}-§§§§§|DH24{mm}{dd}§§§§|GD{y}{mm}{dd}§§§§§§§|24{mm}{dd}§§§§|〔{y}〕第§§§§号|3301{y}§§§§§§§§
article = 第{n}条|第{n}条第二款|第1{n}条|第二百七十八条|第三十九条|第八十七条第二款
doc = 市政发〔{y}〕{n}号|人社规[{y}]{n}号文|{y}年第{n}号公告|建办({y})§§§号|国办发〔{y}〕{n}号
std = GB 3096-2008|GB/T 39734-2020|DB33/T 2138-2018|GB5749-2022|CJJ 45-2015
room = 二楼2§§室|行政中心A座13§§室|5§§办公室|一楼大厅|{n}号窗口|三楼东侧3§§
error = E§§§§|500|ERR_§§§§§|0x8007§§§§|-1001
pole = LD-§§§§|YS138§§|B§§§|杆§§§
head = 市民来电反映：|来电人称：|【网络留言】|12345热线转：|【市长信箱】|问卷第{n}题 |工单号{order}：|【差评】|补充：|诉求内容：|好差评留言：|来电反映，
hello = 尊敬的领导：您好！|尊敬的市长您好，|领导好，|你好，|您好，我想咨询一下，|各位老师好！|请问，|领导您好！打扰了。|亲爱的工作人员，|求助！|我是江苏人，在这边打工，|本人退休教师，|我是老党员，|我是温州过来的，|本人系石家庄籍，|我是方便面厂职工，
|我叫不上名字，反正是住这里的，
link = 而且|关键是|说实话|最气人的是|再说|另外|其实|反正|唉，|不光这样，|还有|再就是|话说回来，
thanks = 谢谢！|谢谢领导|望尽快回复。|请领导重视。|祝工作顺利！|拜托了|盼复。|谢谢啦|等你们回音。|何时能有答复？|任何结果都请告知|感谢感谢|辛苦了
gone = {role}不在|{role}去开会了|{role}说要等通知|{role}说不归他管|{role}让我找{unit}|人都没见着|门关着|说系统坏了|让我周末再来
fact = 之前打过{short}，工单号{order}|上次回复的编号是{order}，写着已办结，其实根本没动|{date}去过一次，{gone}|{date}又去了{unit}，{gone}|前后打了{n}次{short}，次次都说在转办|{unit}说要去{room}，来回跑
|三番五次找{unit}，{gone}|照片是{y}-{mm}-{dd} {hh}:{mi}:{mi}拍的|打12345让找{unit}，打110又说不归公安管|{doc}里写得清清楚楚|{unit}留的联系电话从来打不通|联系人一栏空着，找谁去|我们写过联名信，石沉大海
|{unit}的人拍了张照片就走了|说好{n}个工作日，拖了{n}个月|我叫了{unit}的人来看，看完没下文|网上查到的办理结果是“已沟通”，谁跟我沟通了|微信群里没人理|邮箱发了{n}封信都没回|投诉了{n}回，回回短信说满意
road.p = {place}的路灯坏了{long}没人修|{place}路面坑坑洼洼，一下雨积水{n}公分|{area}修路修了{long}，围挡还没拆|{place}井盖（编号{pole}）松动，车一压咣当响|{place}红绿灯时间太短，老人根本过不去
|{place}停了许多僵尸车，非机动车道都占了|{place}新划的车位把马路变成单行道|{place}树枝挡住路牌，杆号{pole}|{area}一三五单号限行，二四六双号，谁记得住|电子眼罚款{small}，{place}根本没有标线
road.e = 我叫了拖车，{n}个小时才到|晚上黑灯瞎火的不安全|骑电动车的摔了好几个|小孩上学天天绕路|白天还好，晚上真吓人|万一出事谁负责|下大雨更严重|道路交通安全法{article}不是写着吗|按{std}应该达标才对
road.m = 施工队的{N}说没工期|路长{N}电话打不通|跟{N}反映过没下文|我妈{N}在那摔了一跤|摔伤的是{N}，{age}岁|{N}答应得好好的，转头就忘
road.r = 请派人看看|希望马上安排维修|请问到底归哪个单位管|能不能给个准确时间|建议尽快填平
noise.p = {place}工地{clock}还在打桩|楼下烧烤店{clock}还在放音乐|{place}广场舞从{clock}跳到{clock}|楼上装修，周末也不停|{place}的空调外机嗡嗡响，白天黑夜不停
noise.e = 我叫他出示施工许可，他不肯|孩子要高考，没法休息|老人心脏不好|测过了7§分贝，按{std}超标了|全家都睡不好，精神恍惚|安静两天又开始|《噪声污染防治法》{article}规定得很清楚|打110来了一趟，走了照旧
noise.r = 请严格执法|希望{unit}去现场测一下|请限定施工时间|能不能管管，温馨提示没有用
noise.m = 楼上{N}家天天吵|邻居{N}可以作证|店主叫{N}|工地负责人{N}还骂人
estate.p = 物业费从{small}涨到{small}，没开业主大会|电梯（注册代码3110330000201524§§§§）三天两头坏|{place}消防栓没水，张贴的检查表停在{month}|维修资金{money}不知道用到哪里去了|小区门禁{long}不管用，陌生人随便进出
|地下车库B2层{pole}号车位漏水|垃圾分类点撤了，马上臭气熏天|物业把绿化带的毛竹砍了改车位|车牌识别老出错，抬不了杆|充电桩装在{n}号楼一楼，不敢充
estate.e = 找物业，{gone}|业主群里吵翻天了|收钱的时候比谁都快|余额也不公示|按《物业管理条例》{article}应当公示|《民法典》{article}许多人都不知道|常常被困在里面|物业公司统一社会信用代码91330000MA0000{x}{x}{x}{x}，可以去查
estate.r = 请街道督促整改|要求公开账目|希望查一下有没有备案|建议换物业
estate.m = 物业的{N}不讲理|那个叫{N}的保安推了我|{N}家占了公用楼道|物业经理{N}说没钱修|楼上{N}往下扔垃圾|房东{N}不管
water.p = {place}又停水了，{date}通知都没有|自来水发黄，有股怪味|暖气只有1§度，温度不达标|停电{n}个小时，95598占线|燃气改造收{money}，说法不一|水费一个月{small}，家里就两口人
water.e = 家里有老有小，没法做饭|交了{money}的采暖费|去年就是这样|做生意的损失谁来赔|水龙头流出来的都是锈水|{std}白写的吗
water.m = 抄表员{N}说表没问题|户主{N}|维修工{N}来看过一眼|楼长{N}统计过，{n}家都这样|听{N}讲是管子老化
water.r = 请尽快恢复|费用该退的退|请说明收费依据|何时来水给个话
hall.p = {date}在{room}办{biz}，取了A§§§号，等了{n}个多小时|{n}号窗口办{biz}，材料交了三遍|办{biz}，网上说不要复印件，到了又要|大厅{n}个窗口只开两个|办{biz}来了三趟，{gone}|{biz}网上申报一直提示错误{error}
|办{biz}，叫号C0§§过号了又要重新排|上午11点{mi}分就没人了，说下午两点半才上班|中午12:00到14:30一个人没有|办{biz}要身份证复印件{n}份，户主还得到场
hall.e = 来回路费就要{small}|请了一天假白跑|一问三不知|《行政许可法》{article}明明规定了时限|后来才知要补章|白白等了一上午|门口张贴的指南还是老版本|姓名打错一个字，又跑一趟
hall.r = 希望一次性告知|建议多开几个窗口|请改进程序|能不能容缺受理|望加强培训
hall.m = 窗口的{N}态度很差，一直玩手机|投诉{N}，上班时间打游戏|由{N}经办|当时是{N}经办的|经办人{N}说要补材料|{N}说要等领导批|接待的{N}爱理不理|名字打错了，应该是{N}|找{N}签字才行|我们找过{N}{ti}三回
social.p = 我{month}退休，养老金到现在没发|灵活就业交了{money}，系统查不到|{biz}要多久|医保账户余额少了{small}|社保断了{n}个月怎么补|失业金第{n}个月没到账|银行卡激活了，社保卡还是刷不了
social.e = 问了12333，说要去{room}|{role}让等通知|全家就指着这个钱|政策文件{doc}看不懂|身份证到期了会不会有影响
social.r = 请帮忙查一下原因|请问需要什么材料|想知道计算方法|请答复
social.m = 我父亲{N}{age}岁了|我妈{N}的养老金停了|老伴{N}瘫痪在床|残疾人{N}的补贴也没了|奶奶{N}九十了|我爱人{N}的生育津贴也没到|户主{N}已经去世|名字登记成了{N}，错的
clinic.p = 市二院挂号难，{clock}放号就没了|卫生院{long}没有儿科医生|住院押金{money}，出院结算排到{clock}|检查费{small}，医保只报{n}%|急诊等了{n}个小时，医生说高峰都这样|康复科加床都加到走廊了
clinic.e = 老年人不会用手机|护士倒是很温柔|解释也没人解释|带着发烧的孩子干着急
clinic.r = 希望提高医生待遇，留住人|建议增加号源|请安排医生下乡|请卫健委管管|应该公开价格
clinic.m = 患者{N}，{age}岁|患者{N}住院{n}天|医生{N}说床位满了|我爸{N}在ICU|{N}医生倒是负责|护士长{N}语气生硬|主任医师{N}的号要排{n}天|我女儿{N}高烧
school.p = 学校要交{small}的资料费，说是自愿|孩子今年上小学，{area}属于哪个学区|放学时{place}堵得水泄不通|课后服务一学期{small}，贵不贵|校车{n}号线取消了，没有任何通知|学校食堂承包出去以后菜又咸又冷
school.e = 班里{n}个人都交了|家长意见很大|老师也很为难|孩子饭都吃不热
school.r = 请教育局答复|希望提高老师积极性，别光靠收费|请明确划片|请查处乱收费
school.m = 我儿子{N}今年上小学|我女儿{N}转学的事还没办|孩子叫{N}，在{area}小学|班主任{N}不批假|{N}同学被打|{N}、{N}两个孩子都一样|教导主任{N}说是上面要求|外孙{N}户口在我这
wage.p = {area}工地拖欠工资{long}，{n}个人一共{money}|公司欠我们{money}，说没钱|饭店关门了，押金{money}不退|健身房办卡{money}，人去楼空|网购退款{money}不给退，支付宝显示处理中
wage.e = 老板电话不接|过年都回不去|一而再再而三地拖|劳动监察说要走程序|《劳动合同法》{article}写得明明白白|消费者权益保护法{article}就是摆设|合同第{n}条写得明明白白|合同上写的金额是{money}
|公司统一社会信用代码91330000MA0000{x}{x}{x}{x}
wage.r = 请帮我们要回血汗钱|请立案查处|农民工不容易，请主持公道|请督促退款
wage.m = 包工头{N}拖着不给|欠条是{N}写的|钱转给{N}了|法人{N}跑路了|我老公{N}在工地受伤|会计{N}也在场|{N}和{N}两个人都在场|听说是{N}的亲戚|老板叫{N}，{area}人|工友{N}、{N}、{N}都没拿到
bus.p = {bus}等了{n}分钟不来|{bus}末班车{clock}太早了|{bus}改线以后不停{area}了|{bus}师傅到站不停车|{bus}转{bus}要走{n}00米|建议{bus}延伸到{area}|高铁G7§§9下车以后没有公交
bus.e = 上班族很不方便|刷卡机还老坏|高峰期挤不上去|大冷天冻得够呛|老人出行不便
bus.r = 请公交公司调整|建议加密班次|希望恢复站点|应该听听群众意见
bus.m = 司机{N}还骂人|调度{N}说没车|投诉司机{N}|工牌上写着{N}
green.p = {place}有人烧垃圾，黑烟滚滚|{area}河水发黑，死鱼漂了一片|砂石车{clock}偷运，扬尘严重|{place}流浪狗成群|{place}化粪池满了往外溢|{place}的梧桐毛絮满天飞
green.e = 窗户都不敢开|常年如此，成了老大难|于是大家都往河里倒|PM2.5都1§§了|环评批复{doc}不是这么写的|项目代码{y}-330000-{n}-03-§§§§§§，公示牌上有
green.r = 请环保部门查一查|请清理|建议装监控|希望江边恢复干净
green.m = 养猪的是{N}|厂长{N}有后台|河长{N}从来不巡|烧垃圾的人叫{N}
land.p = 我村土地征收，每亩{money}，听说隔壁是{money}|宅基地审批{long}没下来|低保名单公示才{n}天|{area}拆迁安置房{long}没交房|过渡费{money}停发了|危房改造补助{money}没到位
land.e = 村里开会从来不通知|{role}说钱还没拨|{doc}跟实际对不上|群众意见很大|签名是别人代签的
land.r = 请公开方案|请镇里给个说法|请核实金额|不知何部门负责，请转办
land.m = 户主是{N}，共{n}口人|村干部{N}优亲厚友|书记{N}从来不露面|会计{N}说账本丢了|网格员{N}上门{n}次|低保户{N}开着小车|地是{N}、{N}兄弟俩的|村主任{N}自己占了两块
app.p = APP更新到V{n}.{n}.{n}就闪退|网上办{biz}，上传附件老报错{error}|验证码收不到，试了{n}次|小程序字太小，老年人看不清|扫码评价进去是空白页|官网{date}就打不开了|手机号注册不了，提示已存在|姓名里有生僻字，系统打不出来
app.e = 换了手机也一样|客服机器人答非所问|弄到{clock}都没弄好|打{short}也说不清
app.m = 客服{N}挂我电话|{N}远程帮我弄也没弄成|帮我操作的{N}说等升级|{N}那边也登不上|志愿者{N}教了半天
app.r = 请修一修|希望简单一点|能不能保留人工窗口|建议做个大字版
praise.p = {n}号窗口的姑娘很耐心|今天办{biz}，不到{n}分钟就好了，高兴|{place}的路灯修好了，点赞|打了{short}，当天就有人来处理|公交师傅捡到钱包主动上交，活雷锋|{date}去{room}办{biz}，全程有人带
praise.e = 大家都说方便多了|服务态度没得说，心里温暖|以前要跑三趟|环境也干净，茶水都有|解释得明明白白
praise.r = 希望继续保持|给个大大的赞|提个小建议，周末也开就更好了|满意
praise.m = 感谢{N}{ti}，{good}|感谢{N}，{good}|特别感谢{unit}的{N}{ti}|{N}{ti}{good}|{N}、{N}两位同志{good}|多亏了{N}|当天值班的叫{N}，{good}|接电话的是{N}，{good}|给我办的那个{N}{ti}人不错
|点名表扬{N}|要表扬{unit}{N}和{N}|{N}这个小姑娘{good}|经手的有{N}、{N}，都好
remark = 满意|非常满意|还行吧|一般般|没意见|挺好的|无|态度可以|不太满意，希望改进|效率高|办事快，方便|马马虎虎|比以前强|总体不错|说了也白说|没有任何意见|没什么好说的|{n}分|都好|环境好，就是停车难|服务温暖人心|排队太久|常来常往，习惯了|安全感满满|凑合|走过场
|科长不在|主任没来|老师很好|希望周末也能办|高兴而来，满意而归|金额算错了，后来改了|关于{biz}的流程太复杂|许多事要跑几趟|张贴的指南看不清|白天没空，晚上没人|书记带头，风气好多了|中规中矩吧，{n}分|单位代办，不清楚|没去过{area}大厅，不评价|A§§§号，等太久
|医生好，护士也好|路灯亮了，心里亮堂|公示栏常年不换|马上就办，好|OK|good!|Very good,谢谢|俺们村的路啥时候修嘞|咋还没信儿呢|恁们能不能快点|要得，安逸|搞撒子名堂嘛，跑了{n}趟|阿拉小区停车伐灵|唔该跟进下，等咗{n}日啦|老慢了，贼磨叽|中！办得中|几好啦，冇意见
|莫得意见|蛮好额|嘎慢的，急煞人|杠杠的|服务态度巴适得板|解决了就行，其他随便|請盡快處理，謝謝|何时通暖气|任何时候去都没人|于是我又回来了|张冠李戴，搞错部门了|毛病多，改不完|水平高|温水煮青蛙|方方面面都好|江水清了|金牌服务|段子一样的回复|黄昏时候蚊子多|胡说八道的回复
|孔雀东南飞，人才留不住|史上最慢|钱都花哪了|田里没水|万事不求人，只求路平|安排得明明白白|康复科床位少|龙头老滴水|雷声大雨点小|余下的事何时办|平安是福|连续{n}天没人接|强烈建议延长到{clock}|{bus}太挤|12345好打多了|{short}老占线|{date}去的，没排队
|罚了{small}，心服口服|{doc}没落实|暖气1§度|路窄，{n}米宽|共{n}户，{n}户同意|石沉大海|易拉罐没人收|乔迁新居，办证快|汤汤水水洒一路|严格点好|程序多|武装到牙齿的保安，没必要|景区门票{small}太贵|师傅好
me.o = 我叫{N}|我叫{N}，今年{age}岁|我是{N}|我是{area}村民{N}|我是{area}的业主{N}|本人{N}|本人{N}，{area}人|姓名：{NS}|来电人：{N}|来电人{N}反映|市民{N}来电称|俺叫{N}|我叫{N}，家住{area}|我名字叫{N}
|申请人{N}|我叫{N}电话{P}|我叫{N}，身份证{I}，手机{P}|姓名{N}，电话{P}|我是{N}，微信{W}|大家好我是{N}|鄙人{N}，退休教师|咱叫{N}，是个老党员|本人姓名{N}，手机号{P}|诉求人{N}（{P}）|居民{N}|家长{N}|我{N}以党员身份担保
|用户{N}|我们是{N}、{N}
hail.o = 尊敬的{N}{ti}：您好！|{N}{ti}你好，|{N}{ti}：|致{N}{ti}：
sign.s = ——{N}|此致 敬礼 {N}|此致　敬礼！　　　{NS}|反映人：{N}|{N}|{N} {date}|联系人{N}|联系人：{N}，{P}|{N}敬上|一个老党员 {N}|业主 {N}|投诉人{N} {P}|落款：{N}|{N} {P}|签名：{NS}
|{N}、{N}等{n}户居民|此致 {N}|您的市民{N}|联系人 {N} 电话 {P}|署名{N}|By {N}|反映人{N}，{date}
alias.m = 社区的{sur}主任也来看过|小{sur}说让我再等等|{sur}先生一直没回话|{sur}科长态度还行|老{sur}家也是这样|承办人{sur}某某|{sur}师傅修过一次|找过{sur}女士
phone.m = 打我电话{P}没接到过回访|我手机{P}收不到短信|预留的手机号{P}早换了|有个{P}老打骚扰电话|对方电话{P}关机|对方的号码是{P}|登记的号码写错了，应为{P}|家里座机{T}也行
phone.c = 电话{P}|联系电话：{P}|手机{P}|手机号{P}|请回电{P}|我的电话是{P}|tel:{P}|Tel {P}|有事打{P}|打{P}找我|方便的话联系{P}|电话 {P}|{P}|联系方式{P}|☎{P}|号码{P}，微信同号|微信{P}|加微信{P}|支付宝{P}
|来电号码{P}|回复我：{P}|我号码{P}，白天别打|家里电话{T}|座机{T}，晚上有人|家庭电话：{T}|打家里的电话{T}|phone:{P}|📞{P}|我电话：{P}（{T}备用）|联系：{P}|dh {P}|有消息拨{P}|短信发到{P}|女儿电话{P}，老人家里{T}
|{P}或者{P}都行|V{P}|号码拆开写了，{P}|电话我念一下，{P}
id.m = 身份证号{I}|身份证{I}|身份证号码：{I}|我的身份证号是{I}|证件号{I}|身份证{I}查不到记录|老人身份证{I}，系统里没有|sfz:{I}|拿{I}这个号去查说已死亡|身份证号码{I}，麻烦查一下|身份证号被人冒用：{I}|老身份证{I}升位后对不上|身份号码 {I}
|({I})|我妈的证件号码{I}|户口本上{I}跟身份证不一样|孩子身份证号{I}|{N}（{I}）|{N}，身份证{I}|ID：{I}|证号{I}
plate.m = 车牌{C}|车牌号{C}|车牌号为{C}的{color}轿车|{C}天天停在消防通道|举报{C}占用应急车道|我的车{C}被贴了罚单|网约车{C}绕路多收{small}|出租车{C}拒载|渣土车{C}闯红灯|车主快挪车，{C}|一辆{color}面包车{C}堵着门
|挡路的是{C}|牌照{C}|{C}这个车按喇叭不停|尾号不说了，全号{C}|车号:{C}|{C}、{C}两辆车长期占位|驾校的教练车{C}乱停|{color}电车{C}，充满了不走
acct.c = 微信{W}|微信号：{W}|加我微信{W}|VX {W}|vx:{W}|薇信{W}|绿泡泡{W}|QQ{Q}|QQ号：{Q}|扣扣{Q}|q q {Q}|邮箱{E}|回复请发{E}|email:{E}|E-mail：{E}|支付宝{E}|支付宝账号：{E}|V信 {W}
|wechat {W}|{E}|材料发{E}了没回|客服QQ{Q}没人理
card.c = 工资卡{B}|银行卡号{B}|请退到{B}|卡号{B}，农业银行|补贴打到{B}没到账|钱转到{B}去了|我的卡{B}|账号：{B}|社保卡银行账号{B}|退款账户{B}
good = 态度好|办事利索|帮我填表，很耐心|大热天跑前跑后|为人民服务|一次办好|有责任心|讲得明白|是个好干部
ti = 先生|女士|阿姨|大爷|老师|医生|主任|书记|科长|师傅|同志|护士|警官|队长|校长|大姐|局长|经理|法官|院长
color = 白色|黑色|银灰色|红色|蓝色|旧
frame = 实名举报人{N}，{wage.p}|{wage.m}|{land.m}，{phone.c}|{N}{ti}好|{N}服务态度好|表扬{N}|{N}不行|打{P}|{P}|{N}{P}|找{N}{ti}，{P}|{C}违停|举报{C}|请{C}挪车|{N} {I}|{I}|微信{W}
|{E}|卡号{B}|谢谢{N}{ti}！|{phone.c}|{praise.m}|{hall.m}|{estate.m}|{plate.m}|{id.m}|{acct.c}|联系人{N}，{P}|{me.o}，{remark}|{remark}，{phone.c}
|{remark}。{sign.s}|{remark}，{hall.m}|{praise.m}，{remark}|Please call {P}, thanks!|My name is {N}, tel {P}|{remark} {acct.c}|{hall.m}，{phone.c}
|{plate.m}，{phone.c}
form = 【来电人】{N}【联系电话】{P}【内容】{story}|来电人：{N}；电话：{P}；诉求：{story}|姓名:{NS} 身份证:{I} 电话:{P} {story}|诉求人 {N}　{story}　回访电话 {P}|姓名/{N}/手机/{P}/{story}
|受理编号{order} 来电人{N} {story}|【{date}】{N}（{P}）：{story}|车主{N}，车牌{C}，{road.p}|{story}（{N}，{P}）|标题：{remark}。姓名：{N}。邮箱：{E}。内容：{story}|户名{N}，卡号{B}，{wage.p}
"""
RULES = defaultdict(list)
for line in GRAMMAR.strip().splitlines():
    key, line = line.split(" = ") if " = " in line else (key, line)
    RULES[key] += line.strip("|").split("|")
TOPICS = [key[:-2] for key in RULES if key.endswith(".p")]
GRIEVANCES = [topic for topic in TOPICS if topic != "praise"]
ON_THE_ROAD = {"road", "noise", "estate", "bus", "green"}  # where a car may come in, and an identity number seldom does

SURNAMES = ("王李张刘陈杨黄赵周吴" * 3 + "徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
            "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文安温关平祝缪芮阮邬冼闫仇麦佘翁卜兰冉季屠柴成路")
COMPOUND = "欧阳 上官 司马 诸葛 慕容 皇甫 司徒 令狐 尉迟 夏侯 端木 公孙 宇文 东方 闻人".split()
GIVEN_ONE = "伟芳娜敏静丽强磊洋勇艳杰娟涛明超霞平刚军波燕辉玲斌鹏飞凯浩婷宇鑫旭蕾薇蓉琳峰健翔钰锋萍颖宁彬"
GIVEN_TWO = ("建国 桂英 素珍 国庆 卫东 长根 阿毛 水根 金花 招娣 来福 秀兰 玉梅 志强 海燕 晓东 丽华 文博 子轩 梓涵 浩然 雨桐 一诺 思远 佳怡 红梅 小平 永福 春生 "
             "爱民 学文 光明 德胜 银凤 美玲 俊杰 诗涵 宇航 嘉豪 欣妍 明珠 立新 根宝 巧云 月娥 宝山 铁柱 芷若 亦凡 若曦 泽宇 可馨 振华 国强 新民 和平 向阳 大明 少华 "
             "淑芬 凤英 冬梅 万里 思齐 安琪 乐天 天成 正义 常青 高远 文静 方圆 石生 金水 江涛").split()
PINYIN = "xiaoyu lihua feifei laowang mingming ayu dongdong sunny_day nannan tiantian abc jiayi hongmei haiyan".split()
PROVINCES = "浙苏皖赣鄂湘豫闽冀晋陕桂云辽贵吉黑"  # no plate with second letter X, Y or Z is issued in these
MOBILE = "130 131 133 135 136 137 138 139 150 151 152 155 157 158 159 166 173 176 177 178 180 182 185 186 187 188 189 191 198 199".split()
PLAIN, WIDE, LOWER, SPOKEN = "0123456789", "０１２３４５６７８９", "零一二三四五六七八九", "零幺二三四五六七八九"
SCRIPTS = [LOWER, "〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖", "零壹貳參肆伍陸柒捌玖", SPOKEN, "洞幺两三四五六拐八勾", "洞幺二三四五六拐怕勾",
           "⓪①②③④⑤⑥⑦⑧⑨", WIDE, "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "⁰¹²³⁴⁵⁶⁷⁸⁹"]
NUMERIC = set("".join(SCRIPTS) + "十百千万两")


def mark(kind, text):
    return OPEN + kind + MID + text + CLOSE


def digits(r, count):
    return "".join(r.choice(PLAIN) for _ in range(count))


def spell(text, script):
    """Write the digits of a text in another script; other characters stay."""
    return "".join(script[int(c)] if c in PLAIN else c for c in text)


def cut(text, sizes, sep):
    """Join pieces of the given sizes, the last size being repeated."""
    sizes, out = list(sizes), []
    while text:
        size = sizes.pop(0) if len(sizes) > 1 else sizes[0]
        out, text = out + [text[:size]], text[size:]
    return sep.join(out)


def name(r, spaced=False):
    given = r.choice(GIVEN_ONE) if r.random() < .28 else "".join(r.sample(GIVEN_ONE, 2)) if r.random() < .1 else r.choice(GIVEN_TWO)
    gap = r.choice([" ", "　", "  "]) if spaced and len(given) == 1 and r.random() < .5 else ""
    return mark("name", (r.choice(COMPOUND) if r.random() < .07 else r.choice(SURNAMES)) + gap + given)


def phone(r):
    number = r.choice(MOBILE) + "0000" + digits(r, 4)
    sizes = r.choice([(3, 4, 4), (3, 4, 4), (3, 3, 5), (4, 3, 4), (5, 6), (3, 8), (3, 2, 2, 4), (2, 3), (7, 4), (1, 10)])
    kind = r.choices("plain cut wide script mixed 86 filler each keycap letters said hidden".split(), [30, 17, 4, 14, 6, 7, 8, 4, 1, 2, 2, 2])[0]
    if kind == "cut":
        number = cut(number, sizes, r.choice([" ", " ", "-", "-", ".", "　", "  ", " - ", "—", "·", "_", "/", "\u00a0"]))
    elif kind == "wide":
        number = cut(spell(number, WIDE), r.choice([(11,), sizes]), r.choice("　－ "))
    elif kind == "script":
        number = cut(spell(number, r.choice(SCRIPTS)), r.choice([(11,), (11,), (11,), sizes]), r.choice(" -，、"))
    elif kind == "mixed":
        pair = [PLAIN, r.choice(SCRIPTS), r.choice(SCRIPTS)]
        number = "".join(spell(c, r.choice(pair)) for c in number)
    elif kind == "86":
        front = r.choice(["+86", "+86 ", "+86-", "0086", "0086-", "(+86)", "（+86）", "86-", "＋８６"])
        number = front + cut(number, r.choice([(11,), sizes]), " ")
    elif kind == "filler":
        number = cut(number, sizes, r.choice(["*", "#", "～", "啊", "哈", "嗯", "…", "@", "+", "，", "。", "丶", "★", "呀", "（）", "、、", "=", "^_^", "杠"]))
    elif kind == "each":
        number = r.choice(" -.,、* ").join(number)
    elif kind == "keycap":
        number = "".join(c + "\ufe0f\u20e3" for c in number)
    elif kind == "letters":
        number = number.replace("0", r.choice("OoО")).replace("1", r.choice("lI1"))
    elif kind == "said":
        number = spell(number[:3], r.choice([PLAIN, SPOKEN])) + r.choice(["四个零", "，四个零，", "4个0", "后面四个零"]) + number[7:]
    elif kind == "hidden":
        number = r.choice(["\u200b", "\ufeff", "\u2060"]).join([number[:3], number[3:7], number[7:]])
    return mark("phone", number)


def landline(r):
    code, rest = r.choice([("026", 8), ("0500", 7), ("0600", 8), ("0840", 7)])  # area codes that are not in use
    number = r.choice("235678") + digits(r, rest - 1)
    return mark("phone", r.choice([f"{code}-{number}", f"{code}{number}", f"{code} {number}", f"({code}){number}", f"（{code}）{number}",
                                   f"{code}-{number[:4]} {number[4:]}", spell(f"{code}－{number}", WIDE), spell(code + number, LOWER)]))


def identity(r):
    region = r.choice("11 32 33 44 37 42 51 34".split()) + "0000"
    year, rest = r.randint(1938, 2016), f"{r.randint(1, 12):02}{r.randint(1, 28):02}{digits(r, 3)}"
    if r.random() < .15:
        number = f"{region}{year % 50 + 30:02}{rest}"
    else:
        number = f"{region}{year}{rest}"
        total = sum(int(c) * 2 ** (17 - i) for i, c in enumerate(number))
        number += r.choice("0123456789X") if r.random() < .06 else "10X98765432"[total % 11]  # people do mistype
    number, way = number.replace("X", r.choice("XXXxxＸ×")), r.random()
    if way < .25:
        sizes = r.choice([(6, 8, 4), (6, 4, 4, 4), (4, 4), (3, 3, 4, 4, 4), (6, 4, 2, 2, 4), (6,)])
        number = cut(number, sizes, r.choice([" ", " ", "-", "　", "."]))
    elif way < .33:
        number = spell(number, WIDE)
    elif way < .45:
        number = re.sub("[XxＸ×]", r.choice("X叉x"), spell(number, r.choice(SCRIPTS[:6])))
    elif way < .49:
        number = "".join(spell(c, r.choice([PLAIN, PLAIN, LOWER, WIDE])) for c in number)
    return mark("identity", number)


def plate(r):
    head, any5 = r.choice(PROVINCES) + r.choice("XYZ"), "".join(r.choice(PLAIN * 2 + "ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(5))
    tail = r.choices([any5, digits(r, 5), r.choice("DFDFABG") + digits(r, 5), digits(r, 5) + r.choice("DF"), digits(r, 4) + r.choice("学挂"),
                      r.choice("DF") + r.choice("ABCK") + digits(r, 4)], [34, 24, 26, 5, 4, 7])[0]
    joints = ["", "·", " ", "-", "•", "."]
    text = head + r.choices(joints, [42, 16, 12, 5, 4, 3])[0] + tail
    if r.random() < .1:
        text = r.choice([f"{head[0]} {head[1]} {tail}", f"{head} {tail[:2]} {tail[2:]}", f"{head[0]}-{head[1:]}{tail}"])
    if r.random() < .15:
        text = text.lower()
    elif r.random() < .1:
        text = "".join(chr(ord(c) + 0xfee0) if c.isascii() and c.isalnum() else c for c in text)
    return mark("plate", text)


def wechat(r):
    tail = "".join(r.choice("abcdefghjkmnpqrstuvwxyz0123456789") for _ in range(10))
    user = r.choice(PINYIN)
    return mark("account", r.choice([f"wxid_0000{tail}", f"{user}0000{digits(r, r.randint(1, 4))}", f"{user.title()}_0000{r.choice('xyz')}",
                                     f"{r.choice('abxyz')}{user}-0000{digits(r, 2)}", f"{user}_{digits(r, 2)}_0000"]))


def email(r):
    user = r.choice(PINYIN) + r.choice(["", digits(r, 2), f".{r.choice(PINYIN)}", f"_{digits(r, 4)}"])
    at = r.choices(["@", "＠", " @ ", "(at)", "#", "艾特"], [80, 6, 4, 4, 3, 3])[0]
    text = user + at + r.choice(["example.com", "example.com", "example.cn", "mail.example.com"])
    return mark("account", text.upper() if r.random() < .06 else text)


def bank_card(r):
    number = r.choice(["000", "62220000", "62220000"])
    number += digits(r, r.choice([16, 19, 19, 17, 18]) - len(number))
    return mark("account", r.choices([number, cut(number, (4,), " "), cut(number, (4,), "-"), spell(number, WIDE), cut(number, (6, 13), " ")],
                                     [45, 38, 7, 5, 5])[0])


VALUES = {
    "n": lambda r: str(r.choice([2, 3, 5, 6, 7, 8, 9, 10, 12, 15, 16, 18, 20, 26, 30, 38, 45])), "age": lambda r: str(r.randint(22, 91)),
    "y": lambda r: str(r.randint(2019, 2025)), "m": lambda r: str(r.randint(1, 12)), "d": lambda r: str(r.randint(1, 28)),
    "mm": lambda r: f"{r.randint(1, 12):02}", "dd": lambda r: f"{r.randint(1, 28):02}", "hh": lambda r: str(r.randint(10, 22)),
    "mi": lambda r: str(r.randint(10, 59)), "x": lambda r: r.choice("0123456789ABCDEFGHJKLMNPQRTUWXY"), "sur": lambda r: r.choice(SURNAMES),
    "N": name, "NS": lambda r: name(r, True), "P": phone, "T": landline, "I": identity, "C": plate, "W": wechat, "E": email, "B": bank_card,
    "Q": lambda r: mark("account", "9000" + digits(r, 6)), "story": lambda r: story(r, r.choice(TOPICS), greet=False),
}


def expand(r, text):
    def fill(found):
        if found[0] == "§":
            return r.choice(PLAIN)
        return VALUES[found[1]](r) if found[1] in VALUES else expand(r, r.choice(RULES[found[1]]))
    return re.sub(r"\{([\w.]+)\}|§", fill, text)


def story(r, topic, opening=(), middle=(), closing=(), greet=True):
    """A matter, what came of it and what is asked for, with further clauses put at the start, in the middle and at the end."""
    facts = r.sample(RULES["fact"], 6)
    body = [f"{{{topic}.p}}"] + facts[:topic != "praise" and r.random() < .45] + [f"{{{topic}.e}}"][:r.random() < .55]
    more = r.sample(GRIEVANCES, r.randint(1, 4)) if topic != "praise" else []
    if more and r.random() < .06:
        body = ["主要反映几个问题：1、{%s.p}" % topic] + ["%d、{%s.p}，{%s.e}" % (i, t, t) for i, t in enumerate(more, 2)]
    elif more and r.random() < .09:
        body += facts[1:3] + [part for i, t in enumerate(more) for part in ("{link}{%s.p}" % t, "{%s.e}" % t, facts[3 + i // 2])[:2 + i % 2]]
    body = body[:1] + [("{link}" if part[0] not in "2345" and not part.startswith("{link}") and r.random() < .15 else "") + part for part in body[1:]]
    for clause in middle:
        body.insert(r.randint(1, len(body)), clause)
    body += [f"{{{topic}.r}}"] if r.random() < .6 else []
    parts = [expand(r, part) for part in [*opening, *body, *closing] + (["{thanks}"] if r.random() < .25 else [])]
    text = parts[0]
    for part in parts[1:]:
        text += ("" if text[-1] in "。！？，：" else r.choice("，，，。。；")) + part
    start = r.random() if greet else 1
    text = expand(r, "{head}" if start < .12 else "{hello}" if start < .3 and not opening else "") + text
    return text if text[-1] in "。！？" else text + r.choice(["。", "。", "！", "？" if "请问" in text[-12:] else "。", ""])


def personal(r):
    way = r.random()
    if way < .3:
        return expand(r, "{frame}" if way < .22 else "{form}")
    topic, wanted, at = r.choice(TOPICS), r.choices([1, 2, 3], [55, 30, 15])[0], defaultdict(list)
    money = topic in ("social", "wage", "land")
    roles = {"me.o": 15, "hail.o": 4, "sign.s": 12, f"{topic}.m": 34, "phone.c": 19, "phone.m": 8, "acct.c": 13, "card.c": 12 if money else 3}
    roles |= {"plate.m": 40} if topic in ON_THE_ROAD else {"id.m": 30} if topic != "praise" else {}
    roles = {role: weight for role, weight in roles.items() if role in RULES}
    while roles and wanted > 0:
        role = r.choices(list(roles), list(roles.values()))[0]
        for gone in (role, *{"me.o": ["sign.s"], "sign.s": ["me.o"], "phone.c": ["phone.m"], "phone.m": ["phone.c"]}.get(role, [])):
            roles.pop(gone, None)
        clause = expand(r, f"{{{role}}}")
        if clause.count(OPEN) <= wanted:
            at[role[-1]].append(clause)
            wanted -= clause.count(OPEN)
    if r.random() < .08:
        at["m"].append("{alias.m}")
    return story(r, topic, at["o"], at["m"], at["c"]) + "".join(r.choice(["", " ", "  ", "　"]) + clause for clause in at["s"])


def ordinary(r):
    if r.random() < .3:
        return "，".join(expand(r, "{remark}") for _ in range(r.choice([1, 1, 2, 2, 3])))
    return story(r, r.choice(TOPICS)) + (story(r, r.choice(GRIEVANCES), greet=False) if r.random() < .12 else "")


def outside(text, change):
    """Apply a change to what lies outside the marks."""
    return "".join(part if part.startswith(OPEN) else change(part) for part in re.split(f"({OPEN}.*?{CLOSE})", text))


def unpunctuated(text, gap):
    """Leave the punctuation out, with a space where two numbers, or a short name and what follows, would run together."""
    def drop(found):
        if found[0][0] == OPEN:
            return found[0]
        before, after = text[:found.start()], text[found.end():]
        short = re.search(f"name{MID}..{CLOSE}$", before)
        ends = before.rstrip(CLOSE)[-1:], re.sub(f"^{OPEN}.*?{MID}", "", after)[:1]
        run = all(c and (c in NUMERIC or c.isascii() and c.isalnum()) for c in ends)
        return "" if not after else " " if run or short else gap
    return re.sub(f"{OPEN}.*?{CLOSE}|[，。！？；：]+", drop, text)


TYPOS = [("已经", "己经"), ("投诉", "投拆"), ("账", "帐"), ("的时候", "得时候"), ("在", "再"), ("反映", "反应"), ("解决", "解绝"), ("希望", "希忘"), ("部门", "部们"),
         ("马上", "马尚"), ("小区", "小曲"), ("请", "清"), ("电话", "电活"), ("排队", "徘队"), ("态度", "太度"), ("物业", "勿业")]


def restyle(r, text):
    """Punctuation habits, slips of the keyboard, emoji and stray blanks."""
    way, space = r.random(), r.choice(["", " "])
    if way < .22:
        text = unpunctuated(text, "" if way < .12 else r.choice([" ", " ", "　", "  "]))
    elif way < .36:
        text = outside(text, lambda s: re.sub("[，。！？；：]", lambda m: ",.!?;:"["，。！？；：".index(m[0])] + space, s)).rstrip(" ")
    elif way < .42:
        shout = r.choice(["！！！", "!!", "。。。", "~", "…… "])
        text = outside(text, lambda s: s.replace("。", shout))
    if r.random() < .12:
        for word, slip in r.sample(TYPOS, 5):
            text = outside(text, lambda s, w=word, x=slip: s.replace(w, x, 1))
    if r.random() < .1:
        text += r.choice(["😡", "👍", "🌹🌹🌹", "🙏", "😭😭", "😊", "👏", "💢", "🤷‍♀️", "[抱拳]", "哈哈", "，呵呵", "，哎", "，晕"])
    return r.choice(["　　", "\u00a0", " "]) + text if r.random() < .03 else text


def main(count, seed):
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    r, seen = random.Random(f"orders {seed}"), set()
    while len(seen) < count:
        write = r.choice([ordinary, personal])
        for _ in range(60):  # a remark already made is made differently
            text = restyle(r, write(r))
            length = len(re.sub(f"{OPEN}.*?{MID}|{CLOSE}", "", text).strip())
            if text not in seen and 5 <= length <= 300 and text.count(OPEN) < 4:
                seen.add(text)
                print(text)
                break


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: orders.py COUNT SEED")
    main(int(sys.argv[1]), sys.argv[2])
