"""Persons who are in no list, by how a name looks: a surname, one or two characters of a given name, and what stands beside.

A surname that rarely begins another word (李, 赵) needs less beside it than one that often does (高, 金, 方). Whatever is a word
of ordinary Chinese (``ordinary``) is no name, whoever may be called so.
"""

import re
from collections.abc import Container, Iterator

from bot.model.ordinary import is_entry, is_ours, is_word
from bot.model.shapes import is_chinese

_TWO = (
    "欧阳 上官 司马 诸葛 皇甫 尉迟 令狐 东方 公孙 慕容 夏侯 端木 独孤"
    " 南宫 长孙 司徒 宇文 轩辕 钟离 闻人 澹台 淳于 太史 申屠 仲孙 呼延 司空"
)
_DOUBLE = frozenset(_TWO.split())
_CLEAR = frozenset(
    "王李张刘陈杨黄赵吴徐孙马朱胡郭林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡杜叶魏吕丁沈姚卢姜崔谭陆汪范廖贾韦邹孟熊秦邱尹薛闫侯陶黎顾郝龚邵覃戴莫汤樊葛邢乔伍庞颜倪庄聂鲁岳翟殷詹欧耿兰焦俞柳符舒阮柯纪梅毕"
    "裴霍涂曲骆蓝靳蒙鲍祁滕屈饶牟尤穆卓吉缪芦褚娄窦戚岑晏瞿桂佟臧闵苟邬姬仇栾隋刁荣巫寇甄虞敖巩佘苑邝匡鞠惠荆冀郁胥鄢劳谌奚冼蔺厉宓乜闻韶郜昝訾戎糜汲鄂屠邸蒲晁慎芮羿萧邰沃殳禹夔贡阎郦郏荀邴庾茹仰宦暨雍赖巢"
    "蔚嵇扈勾戈伊阚蓟杭狄宰慕浦莘"
)
"""Surnames that begin few other words."""
_WARY = frozenset(
    "周何高于余程苏任金石夏方白江段雷龙史贺毛钱严武孔向常温康施文牛齐易章申关左甘祝包宁尚童凌季苗谷盛翁冉路游辛柴华喻房解艾阳司古简项麦景党宫费卜冷席卫柏宗边卞沙桑郎丛仲迟谈栗燕楚平贝幸逯伏容麻洪羊计凤"
    "云安"
)
"""That begin many."""
_RARE = frozenset("钟付万单成管时农车米应师商池官封乐南皮班")
"""That count and measure, or end a word of the field: a whole name is needed."""
_SURNAMES = _CLEAR | _WARY | _RARE
_GIVEN = frozenset(
    "伟强磊军洋勇艳杰涛明超霞平刚敏静丽娟秀英芳娜桂兰玉华红梅文斌波辉鹏飞建国庆志永海林峰龙金宝春生俊凯浩宇轩子涵梓欣怡佳琪雪婷慧莹倩颖琳瑶璐晶晨旭东阳亮光宏洪鸿鑫鹤立民成德福贵荣祥瑞义仁礼智信忠孝诚谦恒毅"
    "坚钢铁柱栋梁松柏森木楠桐枫樱萍莲菊荷蓉蕾薇蓓蕊馨香云雨霖露雷震雯虹星月辰晓昊昕晖曦景思念恩惠爱美媛嫣妍娇婉媚婕姗姝娅嘉琴瑟诗书画韵雅博学友邦卫家安康宁泰和顺利兴旺发胜凤翔鹰虎彪豹骏骥腾跃进步前远途达运"
    "广阔天山川河江湖岩石岳岭崇昌盛炳炎焕灿烨煜炜耀照权武威彬帅良贤才根新夏秋冬源泉清润泽沛深滨涌淑珍珠玲珊琼瑛璇琦瑾瑜玮珂琛璞维绍继承启开创业功勤奋勉励敬尊正方圆中汉唐宋元世传树培育存满全双喜乐欢悦愉心意"
    "情真善纯洁冰白素青翠碧绿紫丹彤朱花苗芬芸芝苑茂茹莉菲萌葵蓝琬瑄玥珮瑗珺玺珩璋璟璨乾坤韬略谋策冠群帆航舟桥帝君臣士贞燕莺鸽雁鸣啸吟咏歌音乔伦伯仲叔季少长老太阿佩佐佑侠俏修倪健傲儒兆先克冉冲凌凡力加劲勋化"
    "升南卓占印厚原召可史吉同咪哲喆唯喻图均城基堂墨壮复夫奇妮妙姿娥婧孟宗定宜宣宪宾富寅寒尔尚尧岚峻崎州巍巧常幼廷延弘弛彦律得御循徽忆怀恺悌惟慈懿扬抒振捷摇攀敦斐斯旋昂易昭时昱晋晗晟晴暄曼曾有朗望朝本机来果"
    "柔柳栩桃桓梦棋棠楚榕樊殿毓汀汐沁沐治泓津洲活浦淇淳淼渊渝湘溪滔滢漫潇澄澜灵炫烁烈然熙熠燊牧特献玄珑琨琰瑙璧甜用甫甲申畅盈盼睿砚祎祖祺禄禹秉科秦程稳穆竞竹笑笛筠简粤纪纬经绪绮缘罡羽翎翰耕聪联肖胤臻舒艺艾"
    "节芃芷若茜茵荃莎莘菁萧落葆蒙蔓薪藏虞衍裕西言让誉许谊谨豪贝赞赫越路轶辛迅连迪迎逸遥邵郁采重野锋钧铭锐锦键镇镜闯闻阅陆隆雄霄霆靖韦韶顶颂颜飒馥驰驹骁高魁鲁鲲鸥鹃鹭鹿麒麟黎默齐妹姐嫂弟仙姣彰纲银铜铎钊鉴锡"
    "锴镕铸锁钱勃侃俐倬偲冀凝劭匡卉厉叶吕哈团垚堃增声夕奎娣娴嫚孜孺寿小屹岑峥嵘嵩工帼干幸庭弦彭彻徐忱守想一大沙设多"
)
"""Characters of given names."""
_NEVER = frozenset("有在得来工用特重机活让可定同音言落藏采野加声团长老太小大少本先前进全才原顶想复均当设多能")
"""Of given names too, but by themselves words: only beside another character."""
_NEVER_LAST = frozenset("有在让得一")
"""Never the end of a name."""
_NUMBERED = "一二三四五六七八九十"
_BEFORE = re.compile(
    r"(?:[找问让叫跟给由和与请喊催派是对替帮被据听同向得看约陪见劝托姓把有等换为归比像在查代加]|告诉|通知|联系|转告|转给|发给|交给|[一问找看催叫]下|老板|经理"
    r"|客户|同事|师傅|司机|领导|除了|还有|另外|以及|说|知道|联络|认识|麻烦|刚才|[今昨前]天|[昨今]晚|上次|这单|那单)$"
)
"""What stands before a person."""
_AFTER = re.compile(
    r"$|[^\u4e00-\u9fff]|[说讲问去来签打在到的了吗呢吧啊呀有没回发提要是给跟和与会能知看接批盯处那这他她怎让叫把刚还也都就又已不上下管值休请做办走拿"
    r"送报查核复量测验收付开用催告拒点填写传交转先自从对被帮为得应可想愿觉认以反早晚今明昨啥哪干最才多拉装卸换补押欠借等见过算住出进盘巡留带定当手]"
    r"|负责|同意|确认|安排|什么|师傅|经手|联系|电话|微信|人呢|通知|承认|答应|老师|同志|同学"
)
"""What stands behind one."""
_TITLE = re.compile(
    r"[姐哥叔妹]|(?P<surname>老师|律师|会计|医生|大夫|教授|[队处局部厂院校]长|总监|助理|秘书|书记|出纳|保管|库管|船长|大副|同志|[姨婶嫂爷伯董]"
    r"|经理|主管|主任|行长|科长|站长|班长|老板|师傅|女士|先生|[队处](?![长理置罚])|总(?![货值量吨共额价体的是计数部行])|工(?![作人程业厂艺具单期]))"
)
"""Behind a surname, the first also behind one character of a given name."""


def unlisted(text: str, gaps: Container[int]) -> Iterator[tuple[int, int]]:
    """(start, end) of every person in the text that no list has, in order.

    text: in simplified characters. gaps: places before which the asker has left a gap.
    """
    at = 0
    while at < len(text):
        size = _spoken(text, at, gaps) or _named(text, at, gaps)
        if size:
            yield at, at + size
        at += size or 1


def _spoken(text: str, at: int, gaps: Container[int]) -> int:
    """The length of 小红, 阿强, 芳姐, 王会计 here; else 0."""
    c, second = text[at], text[at + 1 : at + 2]
    if c == "老" and second in _SURNAMES - _RARE and text[at + 2 : at + 3] == "头" and not is_entry(text[at : at + 3]):
        return 3
    if c == "老" and second in _CLEAR and _free(text, at, at + 2, gaps):
        return 2
    if c in "小阿" and _usual(second) and second not in _NEVER and _free(text, at, at + 2, gaps):
        return 2
    title = _TITLE.match(text, at + 1) if c in _SURNAMES - _RARE or c in _GIVEN - _NEVER else None
    if title is None or (title["surname"] and c not in _SURNAMES - _RARE):
        return 0
    return title.end() - at if _free(text, at, title.end(), gaps) else 0


def _named(text: str, at: int, gaps: Container[int]) -> int:
    """The length of a full name that begins here, the longest; else 0."""
    surname = 2 if text[at : at + 2] in _DOUBLE else 1 if text[at] in _SURNAMES else 0
    sizes = (2, 1) if surname else ()
    return next((surname + given for given in sizes if _fits(text, at, surname, given, gaps)), 0)


def _fits(text: str, at: int, surname: int, given: int, gaps: Container[int]) -> bool:
    """Whether what stands here looks like a name, and enough stands beside it to take it for one."""
    end = at + surname + given
    name = text[at + surname : end]
    if len(name) < given or not (name in _NUMBERED or all(map(_usual, name.lstrip(_NUMBERED)))):
        return False
    if len({n in gaps for n in range(at + 1, end)}) > 1:  # a gap inside of a name is one after each character
        return False
    first = at == 0 or at in gaps or not text[at - 1].isalnum()  # 3车 and 500万 count
    signs = int(first or _BEFORE.search(text[max(0, at - 3) : at]) is not None)
    signs += int(end in gaps or _AFTER.match(text, end) is not None)
    if signs < _needed(text[at], name, double=surname == 2):
        return False
    return _free(text, at, end, gaps, surname=surname, sure=given == 2 and signs == 2)


def _needed(surname: str, given: str, *, double: bool) -> int:
    """How much must stand beside it, 0–2; 3 is more than there can be."""
    if double:
        return 2 if given in _NEVER else 0
    counted = len(given) == 2 and given[0] in _NUMBERED
    if given in _NEVER or given[-1] in _NEVER_LAST or (counted and surname not in _CLEAR):
        return 3
    if len(given) == 2 and is_entry(given):
        return 3 if is_ours(given) and surname not in _CLEAR else 2
    return 2 if surname in _RARE else (surname in _WARY) + (len(given) == 1)


def _usual(c: str) -> bool:
    """Common in given names, or so rare that no learned sentence holds it."""
    return c in _GIVEN or (is_chinese(c) and not is_word(c))


def _free(text: str, at: int, end: int, gaps: Container[int], *, surname: int = 1, sure: bool = False) -> bool:
    """No word of ordinary Chinese begins with it, and none reaches into it from either side. sure: only a longer one counts."""
    word = is_entry if end - at > 2 else is_word
    pair = text[at : at + 2]
    if surname == 1 and (is_ours(pair) if sure else word(pair)):
        return False
    if any(is_entry(text[at : at + n]) for n in (3, 4) if n > surname):
        return False
    into = at > 0 and at not in gaps and is_entry(text[at - 1 : at + 1])
    if into and not (_BEFORE.search(text[at - 1 : at]) or is_entry(text[max(0, at - 2) : at])):
        return False
    return sure or end in gaps or end >= len(text) or not is_entry(text[end - 1 : end + 1])
