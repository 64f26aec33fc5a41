"""How names look that stand in no list: people, banks, firms and contracts of others; sites that are only pointed at.

Only patterns: whether a bank is the asker's own, or 我们库 a site at all, is for ``names`` to say. Strangers that are known by
what stands beside them, and by what was never learned, are ``strangers``'.
"""

import re

PERSON = re.compile(
    r"老[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹潘葛范彭鲁马方任袁柳唐罗薛伍余顾孟黄萧尹姚邵汪毛米贝明臧"
    r"计成戴宋庞熊纪舒屈项祝董梁杜阮蓝闵席季贾江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍万柯卢莫房丁邓石崔龚程刘]"
    r"|小[陈王李张刘赵孙周吴郑黄林马杨朱徐高郭]"
    r"|[赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕张孔曹严魏陶姜谢邹潘范彭鲁马方任袁唐罗薛余顾孟黄萧尹姚邵汪毛宋熊纪董梁杜江郭梅林钟徐邱高"
    r"夏蔡田樊胡凌霍卢莫丁邓石崔龚程刘](?:总(?!货|值|量|吨|共|额|价|体|的|是|计|数)|经理|主管|工(?!作|人|程|业|厂|艺|具|单|期)|师傅|行长|科长|主任|科|处|库管|站长|班长|老板|队)"
)
BANK = re.compile(
    r"(?:(?:甲|乙|丙|丁|戊|工商|建设|农业|中国|交通|招商|兴业|浦发|中信|光大|平安|民生|华夏|广发|恒丰|青岛|齐鲁|日照|邮储|城商|农商|邮政储蓄)银行"
    r"|(?<![一-龥])(?:工行|建行|农行|中行|交行|招行|兴业|浦发|中信|光大|平安)(?![一-龥]*险))(?:[一-龥]{2}分行)?"
)
STRANGER = re.compile(
    r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2,4}(?=(?:化工|石化|集团|能源|贸易|油品|港务|公司)(?:的|那|现在|还|有|货|质|占|欠|本|池|项目|贷|登|仓单|保险|保单|保证金|逾|账|敞|预警|监管线|补货线|谁|为|最|能|"
    r"[昨今近D]|[进出]了|$| ))|"
    r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2}(?=池(?!子里|里)(?:的|那|现|还|多|货|质|$| ))"
)
OURS = re.compile(
    r"(?:(?:我们|咱们?|俺们?)(?:这边|这儿|这里|这|自己)?的?|我(?:这边|这儿|这里|自己)的?|(?<!成|基|资|日)本)(?:仓库|油库|罐区|库区|库)"
    r"(?!存(?![着放在了])|管|房|位|容|方)"
)
"""A depot's people say 我们库 of their own site; 我们库存 is stock, and no place."""
HERE = re.compile(r"[那这该]个?(?:仓库|油库|罐区|库区|库)(?!存|管|房|位|容|方)")
"""The only site there is."""
CONTRACT = re.compile(r"(?<![0-9a-z])[a-z]{2,4}-[a-z]{2,6}-\d{4}-\d{1,4}(?![0-9a-z])")
"""A contract's number, of which this chat knows nothing."""
COMMON_FIRMS = frozenset(
    {
        "你们",
        "我们",
        "他们",
        "监管",
        "保险",
        "哪家",
        "贵",
        "我司",
        "仓储",
        "物流",
        "承保",
        "担保",
        "项目",
        "整个",
        "这个",
        "那个",
        "哪个",
        "咱们",
        "借款",
        "委托",
    }
)
"""Words before 公司 or 池 that name no firm."""
