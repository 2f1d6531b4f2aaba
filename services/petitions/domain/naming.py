"""Finding people's names in Chinese text, by their surnames and by what stands around them.

A name is certain beside a title or a role ("王先生", "业主林志明，", "我叫陈小红"); what only looks
like one is a doubt. Names whose holder is hidden already ("张某某") are left alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """Something personal in a text; `instead` is what is shown, where not the word of its kind."""

    kind: str
    start: int
    end: int
    instead: str = ""
    sure: bool = True


_PLAIN = (
    "王李张刘陈杨黄赵吴周徐孙朱胡郭何林罗郑梁谢宋唐许韩邓冯曹彭曾肖董潘袁蔡蒋余杜魏苏吕丁卢姚"
    "沈钟姜崔谭陆范汪廖韦贾邹熊孟秦邱侯尹薛闫阎黎史陶贺郝顾龚邵覃钱戴莫孔汤赖樊殷翟颜倪俞鲁葛"
    "毕聂焦梅童祝霍伍冉翁庄柯阮詹欧舒牟涂耿匡柳蒲屈鄢粟瞿喻缪卓辛蔺桂裴饶靳晏岳苗闵甄巫邢虞纪"
    "凌窦佘谌柴褚娄隋臧敖邬麻卞晁骆傅岑蓝沙宁滕糜邝禹翦邸兰乔丘骞佟"
)
_ALSO_WORDS = (
    "马高田程叶任方夏石金白江付段雷龙毛万武严常康易文施洪安温季章向关齐盛于成连游项应时全明路"
    "单管车申解费古尚平房党占简强左米华边池代冷商包卜左阳胥鞠苟丰牛查"
)
"""Surnames that are words too, or ends of words."""
_DOUBLE = "欧阳|司马|上官|诸葛|司徒|东方|尉迟|公孙|夏侯|皇甫|令狐|慕容|端木|申屠|呼延|完颜"
_OFTENER_WORDS = frozenset("向于任时从成应全明连单关常高方解安平路管")
"""Of these, those that before a title are oftener a word than a name: 向书记反映, 提高老师待遇."""

_PREPOSITIONS = frozenset("向于从")

_GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂红玲梅建国华玉龙飞鹏辉凤琴宇浩轩子涵梓博"
    "文思雨欣怡佳雪婷慧颖倩莉晶燕萍荣波斌峰林海山志民德福贵财生春秋冬金银成胜利永康健安宁和顺"
    "祥瑞吉庆喜乐欢雅诗诚信义仁礼智贤良善忠孝廉勤俭爱云星月阳晨晓旭昊天宏鸿洪伦仪俊立力世光兴"
    "仙仲传伯佩依俐保先克全冰凡凯凌利加力功卫友发可启周哲善嘉国圣坚坤培大夫奇奎如妍妙姗威娇婉"
    "媛子孟宗定宜宝家富寿小少尧岩岚川巧帆广庭延开彦彩彪彬彭心志忆怀恒恩悦惠成振政敬新方旺昌昕"
    "显景晖智朋朝木本权松柏柱柳栋树根梁梓楠榕正武毅水江沛泉法泽津洁浦淑清渊源滨潇澜灿炎炳烨焕"
    "然照煜熙燕玄玫珊珍珠琛琦琪琳瑛瑜瑶璐瑾甜田申益盈盛真睿石碧磊祖禄秉程竹筠素红纯绍维美翔翠"
    "耀耘育能臣舒航艺艾芝芬芸苗若茂茜荷莎莲菁菊菲萱蓉蓓蓝蔚薇虎虹蕾衍裕西诺谦贞赞超越跃达迎远"
    "连道郁金钊钢钧铁铭锋锐锦镇长阔雄霖青韵韬颜顺风香骏高鸣鹤麒黎齐粲周才章贝满云之丹亮亚京仕"
    "仙任俏元兆冠冬初娥婵姣婷嫦妹香斐奕政曼曦杏柔桃"
)
_TITLES = (
    "先生|女士|小姐|太太|夫人|同志|师傅|老师|医生|大夫|护士|律师|警官|法官|检察官|副?主任"
    "|副?书记|副?支书"
    "|(?:副?总)?经理|董事长|副?局长|副?所长|副?科长|副?处长|副?厅长|副?部长|副?市长|副?区长|副?县长"
    "|副?镇长|副?乡长|村长|副?组长|副?队长|中队长|副?站长|副?院长|副?校长|园长|行长|社长"
    "|副?会长|班长"
    "|店长|厂长|股长|楼长|老板|教练|教授|网格员|辅警|大爷|大妈|大叔|大姐|大哥|阿姨|叔叔|奶奶"
    "|爷爷|婆婆"
    "|伯伯|婶"
)
_ROLES = (
    "业主|户主|房东|租客|租户|住户|居民|村民|邻居|司机|车主|老板|负责人|经办人|联系人|当事人"
    "|申请人|投诉人"
    "|举报人|反映人|受害人|被告|原告|法人|法定代表人|代表|会计|出纳|主任|书记|支书|村长|组长"
    "|队长|所长|局长"
    "|科长|站长|校长|院长|经理|董事长|老师|教师|医生|律师|警官|民警|法官|护士|网格员|工作人员"
    "|保安|职工"
    "|员工|学生|丈夫|妻子|老公|老婆|父亲|母亲|儿子|女儿|儿媳|女婿|哥哥|弟弟|姐姐|妹妹|母子|患者"
    "|死者|伤者"
    "|客户|收款人|户名|开户名|承包人|包工头|开发商代表"
)
_INTRODUCED = (
    r"(?<!〔)(?:我叫|名叫|本人叫|我名叫|叫做|姓名|联系人|收件人|收款人|户名|名字叫|名字是|签名"
    r"|署名)"
)

_S = f"(?:{_DOUBLE}|[{_PLAIN}{_ALSO_WORDS}])"
_G = f"[{_GIVEN}]"
_END = (
    r"(?=$|[^\u4e00-\u9fff]|先生|女士|同志|等人|等\d|夫妇|夫妻|一家|本人|说|称|讲|的|和|与|及"
    r"|跟|同|对|向|把|将|被|在|于|从|到|给|是|为"
    r"|系|男|女|电话|手机|身份|家住|现年|住|曾|已|未|不|没|也|都|又|就|还|才|让|叫|要|以|因|由"
    r"|涉|名下|表示|负责|自|利|组织|带)"
)
_PLACE_WORDS = (
    "路|街|村|镇|乡|区|市|县|省|苑|园|府|城|大道|花园|广场|小区|公馆"
    "|名邸|大厦|中心|公司|集团|学校|医院|站|桥|湖|垸|组|社|冲|塘|山|峰"
    "|岭|线|店|楼|房|栋|期|座|厅|局|所|业|门|寺|庙|坡|垅|港|河|江|湾"
    "|水库|工业|国际|物业|置业|电|小学|中学|三小|一小|二小"
)
_WITH_TITLE = re.compile(
    rf"({_S})({_G}{{0,2}})({_TITLES})"
    rf"|(?<![\u4e00-\u9fff])([{_PLAIN}])()(总|工|姐|哥|嫂|叔|姨)(?=[，。、：；！？,.:;!?\s]|说|$)"
)
_INTRO = re.compile(
    rf"{_INTRODUCED}\s*(?:是|为)?\s*[:：（(,，]?\s*((?:{_DOUBLE}"
    rf"|[\u4e00-\u9fff])[\u4e00-\u9fff]{{1,2}}?)"
    rf"(?=$|[^\u4e00-\u9fff]|系|是|男|女|家住|住|现|电话|手机|身份|今年|来自)"
)
_SELF = re.compile(rf"(?:本人|我是|我为|我)\s*[:：（(,，]?\s*({_S}{_G}{{1,2}}){_END}")
_AFTER_ROLE = re.compile(rf"(?:{_ROLES})\s*(?:[:：（(“\"]|是|为|叫)?\s*({_S}{_G}{{1,2}}){_END}")
_SURNAMED = re.compile(
    rf"(?<![百同贵老])姓({_S})(?=的|[^\u4e00-\u9fff]|$|先生|女士|男|女|老|经|主|书|师|叫|业|某)"
)
_ALONE = re.compile(
    rf"(?:(?<=^)|(?<=[^\u4e00-\u9fff])|(?<=[叫是由找被给向与和对跟让问请及见为]))({_S}{_G}{{2}})"
    r"(?=$|[，。、：；！？,.:;!?（(）)“”\"\s]|说|称|等人|夫妇|夫妻|某|同志|二人|两人|三人|名下"
    r"|家里|家的|本人|和|与|的)"
)
_IN_A_SENTENCE = re.compile(
    rf"(?:(?<=^)|(?<=[^\u4e00-\u9fff])"
    rf"|(?<=[叫是由找被给向与和对跟让问请及见为将把经员人民户工因以名的等]))"
    rf"((?:{_DOUBLE}|[{_PLAIN}]){_G}{{2}})(?![\u4e00-\u9fff]?(?:{_PLACE_WORDS}))"
)
_NICKNAME = re.compile(
    rf"(?<![\u4e00-\u9fff])[老小阿][{_PLAIN}](?=说|称|家|讲|夫妇|两口|告诉|[，,：:])"
)
_DOTTED = re.compile(r"[\u4e00-\u9fff]{2,6}·[\u4e00-\u9fff]{2,6}")

_WORDS_BEFORE = re.compile(
    r"(?:由于|关于|对于|至于|属于|位于|在于|鉴于|基于|等于|处于|方向|一向|通常|经常|非常|日常"
    r"|正常|提高|最高|较高"
    r"|地方|对方|双方|各方|甲方|乙方|校方|官方|警方|责任|主任|担任|现任|前任|历任|原任|新任"
    r"|时任|信任|公安|治安|保安|西安|现金"
    r"|资金|基金|奖金|工程|过程|课程|交付|支付|语文|中文|作文|英文|容易|交易|贸易|有关|相关"
    r"|机关|海关|千万|百万|明白"
    r"|长江|地段|路段|时段|手段|实施|措施|设施|高温|季节|文章|规章|盖章|养成|造成|完成|组成"
    r"|建成|形成|小时|当时|及时"
    r"|临时|同时|平时|有时|随时|安全|健全|齐全|完全|声明|说明|证明|不明|道路|公路|铁路|简单"
    r"|订单|保管|主管|城管|停车|校车"
    r"|公平|水平|和平|住房|购房|新房|入党|中央|相应|反应|供应|重庆|香港|大学|小学|中学|附中"
    r"|了解|调解|理解|四季|一段|阶段|万达)$"
)
_NOT_NAMES = frozenset(
    (
        *("高新区", "江西省", "江苏省", "海南省", "平安康", "安全法", "万科金", "康乐园", "文明城"),
        *("安家费", "高利贷", "高铁站", "常年保", "单元楼", "全国人", "成功能", "车水马", "安民心"),
        *("万定金", "万元金", "明珠花", "和平路", "文化广", "高峰时", "关心民", "成本高", "成本太"),
        *("全部清", "时代方", "时代阳", "时代广", "方方面", "路面水", "余平方"),
    )
)
_NOT_TITLED = frozenset({"全部长", "全队长", "单位长", "明组长"})
_PLACE_AFTER = re.compile(rf"[\u4e00-\u9fff]{{0,2}}(?:{_PLACE_WORDS})")


def names_in(text: str) -> Iterator[Found]:
    """People's names, certain ones first. Of a name with a title the title stays."""
    yield from _with_repeats(text, (*_introduced(text), *_titled(text), *_surnames(text)))
    yield from _with_repeats(text, tuple(_doubtful(text)))


def _with_repeats(text: str, found: tuple[Found, ...]) -> Iterator[Found]:
    """Who is named once is meant wherever the same characters stand."""
    yield from found
    sure: dict[str, bool] = {}
    for one in found:
        name = text[one.start : one.end]
        if len(name) > 2 and name.isalpha():
            sure[name] = sure.get(name, False) or one.sure
    for name, certain in sure.items():
        for match in re.finditer(name, text):
            yield Found("name", match.start(), match.end(), sure=certain)


def _introduced(text: str) -> Iterator[Found]:
    for match in _INTRO.finditer(text):
        name = match[1]
        if "某" in name or not re.match(_S, name):
            continue
        yield Found("name", match.start(1), match.end(1))
    for pattern in (_SELF, _AFTER_ROLE):
        for match in pattern.finditer(text):
            name = match[1]
            if name in _NOT_NAMES or _PLACE_AFTER.match(text, match.end(1)):
                continue
            # Two characters of which the first is a word too: 业主方便, 居民安全.
            sure = name[0] in _PLAIN or len(name) > 2
            yield Found("name", match.start(1), match.end(1), sure=sure)


def _titled(text: str) -> Iterator[Found]:
    for match in _WITH_TITLE.finditer(text):
        surname, given = match[1] or match[4], match[2] or ""
        before = text[max(0, match.start() - 3) : match.start()]
        whole = before[-1:] + surname
        if len(surname) == 1 and _WORDS_BEFORE.search(whole):
            continue
        if match.group() in _NOT_TITLED:
            continue
        sure = bool(given) or surname not in _OFTENER_WORDS or _stands_alone(surname, before)
        yield Found(
            "name", match.start(), match.start() + len(surname + given), instead="某", sure=sure
        )


def _stands_alone(surname: str, before: str) -> bool:
    """Whether a surname that is oftener a word is one here: 尊敬的向书记, 找于主任."""
    if before.endswith(("尊敬的", "敬爱的", "找", "叫", "姓", "是")):
        return True
    return surname not in _PREPOSITIONS and not "\u4e00" <= before[-1:] <= "\u9fff"


def _surnames(text: str) -> Iterator[Found]:
    for match in _SURNAMED.finditer(text):
        yield Found("name", match.start(1), match.end(1), instead="某")


def _doubtful(text: str) -> Iterator[Found]:
    for pattern in (_ALONE, _IN_A_SENTENCE):
        for match in pattern.finditer(text):
            if match[1] not in _NOT_NAMES:
                yield Found("name", match.start(1), match.end(1), sure=False)
    for pattern in (_NICKNAME, _DOTTED):
        for match in pattern.finditer(text):
            yield Found("name", match.start(), match.end(), sure=False)
