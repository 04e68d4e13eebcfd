"""财富管理金融综合改革试验区 (D4): subsidies for institutions and for going public, prizes, repayment on moving away."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from qdcalc.errors import MissingValue
from qdcalc.rules import (
    BLANK,
    FALSE,
    Choice,
    Day,
    Flag,
    MaybeDay,
    Quantity,
    Text,
    add_years,
    choose,
    figure,
    larger,
    names,
    nothing,
    one_of,
    plain_function,
    provision,
    reading,
    require,
    smaller,
    step,
    table,
    text,
    tier,
    warn,
    yuan,
)
from qdcalc.rules.arguments import ManyType, number_type
from qdcalc.rules.registry import Titles
from qdcalc.rules.types import Yuan

Coverage = Annotated[Text, Choice("regional.coverages")]
Prize = Annotated[Text, Choice("prizes.kinds")]
Grade = Annotated[Text, Choice("prizes.grades")]
Subject = Annotated[Text, Choice("subjects.choices")]
Amounts = Annotated[tuple[Decimal | None, ...], ManyType(number_type("元"))]

AMOUNTS = "奖励金额（元）"
ARGUMENTS: Titles = {
    "paid_in_capital": ("实缴注册资本（元）", "申请时的实缴额，不是认缴额"),
    "new_capital": ("新增资本（元）", "实缴到位的新增资本"),
    "government_part": ("政府投资额（元）", "新增资本中的政府投资，没有填 0"),
    "coverage": ("业务管辖范围", "须覆盖山东省"),
    "taxed_in_qingdao": ("在青岛市汇总纳税", "该区域性管辖机构是否在青岛市汇总纳税"),
    "prize": "奖项",
    "grade": "奖级",
    "amounts": (AMOUNTS, "同一申报主体各奖项的奖励，一格一项"),
    "fees": ("中介费（元）", "本次申请的券商、律师、会计师、资产评估、项目咨询等费用"),
    "paid_before": ("已得补助（元）", "同一企业此前按本条已得的补助，不含新三板挂牌补助"),
    "approved": ("核定额（元）", "核定的补助额或实际挂牌费用"),
    "is_key_company": ("市级重点拟挂牌企业", "是否为市级重点拟挂牌企业"),
    "listed_company": ("上市公司", "是否为上市公司"),
    "received": ("已享受补助（元）", "累计享受的本政策补助资金"),
    "paid_date": ("拨付日期", "取得补助之日，10年自此起算"),
    "moved_date": ("迁离日期", "迁离青岛市之日，未迁离不填"),
    "subject": ("主体", "享受补助的是哪一类"),
    "opened": ("开业日期", "新设立的开业日或新迁入的迁入日"),
    "date": ("日期", "所问的日期"),
}


# ---------------------------------------------------------------- 一 institutions


@provision(
    "QD_FIN_SETUP",
    title="法人金融机构一次性补助",
    article="一（一）1",
    arguments=ARGUMENTS,
    description="新设立和新迁入的法人金融机构，按申请时实缴注册资本所在的档给予一次性补助，不到10亿元的按比例。",
)
def setup(paid_in_capital: Yuan) -> Yuan:
    warn(paid_in_capital <= 0, "没有实缴注册资本，补助为 0")
    fixed = step("固定补助", tier("setup_fixed", paid_in_capital))
    share = step("按比例补助", paid_in_capital * figure("setup_rate"))
    return choose((fixed > 0, fixed), otherwise=share)


@provision(
    "QD_FIN_WINDOW",
    title="是否在经济贡献补助期内",
    article="一（一）2",
    arguments=ARGUMENTS,
    description="自开业起5年内为是，满5年当日起为否；补助金额文中没有标准，由填表人核定。",
)
def window(opened: Day, date: Day) -> Flag:
    warn(date < opened, "日期早于开业日期，尚未起算")
    return (opened <= date) & (date < step("补助期满日", add_years(opened, figure("window"))))


@provision(
    "QD_FIN_INCREASE",
    title="法人金融机构增资补助",
    article="一（二）",
    arguments=ARGUMENTS,
    description="青岛市现有法人金融机构增资的，按扣除政府投资额后的新增资本给予一次性补助，每次不高于上限。",
)
def increase(new_capital: Yuan, government_part: Yuan) -> Yuan:
    base = step("补助基数", larger(0, new_capital - government_part))
    share = step("按比例补助", base * figure("increase.rate"))
    return choose(
        (government_part >= new_capital, nothing("新增资本扣除政府投资额后没有余额，没有补助")),
        otherwise=step("补助金额", smaller(share, figure("increase.cap"))),
    )


PARTIAL, OUTSIDE, BEYOND = "山东省部分地市", "仅其他省份", "山东省及其他省份"


@provision(
    "QD_FIN_REGIONAL",
    title="区域性管辖金融机构补助",
    article="一（三）",
    arguments=ARGUMENTS,
    description="新设立和新引进并在青岛市汇总纳税的区域性管辖金融机构，按业务管辖范围给予一次性补助。",
)
def regional(coverage: Coverage, taxed_in_qingdao: Flag) -> Yuan:
    warn(
        taxed_in_qingdao & (coverage == PARTIAL),
        "条文写的是只覆盖山东省的机构，只覆盖部分地市的按此办理，须人工认定",
    )
    return choose(
        (~taxed_in_qingdao, nothing("未在青岛市汇总纳税，不予补助")),
        (coverage == OUTSIDE, nothing("条文未规定不覆盖山东省的机构，不予补助，须人工认定")),
        (coverage == BEYOND, step("补助金额", figure("regional.beyond"))),
        otherwise=step("补助金额", figure("regional.province")),
    )


# ---------------------------------------------------------------- 二 innovation prizes


@provision("QD_FIN_PRIZE", title="金融创新奖奖励", article="二（一）2、3", arguments=ARGUMENTS)
def prize(prize: Prize, grade: Grade) -> Yuan:
    return step("奖励金额", table("prize_amounts", prize, grade))


@plain_function(
    "QD_FIN_PRIZE_BEST",
    title="金融创新奖就高兑现",
    article="二（二）",
    arguments=ARGUMENTS,
    description="同一申报主体获得多个奖项的，只兑现其中最高的一项；空白格不计。",
    dated=True,
)
def prize_best(amounts: Amounts) -> Annotated[object, Quantity("元")]:
    given = [amount for amount in amounts if amount is not None]
    if not given:
        raise MissingValue(f"{AMOUNTS}：所选各格都未填写，至少应有一项奖励金额", AMOUNTS)
    return max(given)


# ---------------------------------------------------------------- 三 going public


@provision(
    "QD_FIN_LISTING",
    title="企业上市中介费补助",
    article="三（一）",
    arguments=ARGUMENTS,
    description="拟在国内主板、中小板、创业板上市的本市企业，买壳上市并将上市公司注册地迁入的企业，"
    "境外交易所主板首发上市的企业，按本次中介费的一半补助，以上限的余额为限。",
)
def listing(fees: Yuan, paid_before: Yuan = yuan(0)) -> Yuan:
    share = step("按比例补助", fees * figure("listing.rate"))
    counted = step("计入上限的已得补助", choose((reading("listing_cap", "累计"), paid_before), otherwise=0))
    room = step("上限余额", larger(0, figure("listing.cap") - counted))
    return choose(
        ((counted > 0) & (counted >= figure("listing.cap")), nothing("同一企业已得的补助已达到上限，不再补助")),
        otherwise=step("补助金额", smaller(share, room)),
    )


OVER = "核定额高于上限，按上限补助"


@provision("QD_FIN_NEEQ", title="新三板挂牌补助", article="三（二）", arguments=ARGUMENTS)
def neeq(approved: Yuan, is_key_company: Flag) -> Yuan:
    warn(is_key_company & (approved > figure("neeq")), OVER)
    return choose(
        (~is_key_company, nothing("不是市级重点拟挂牌企业，不予补助")),
        otherwise=step("补助金额", smaller(approved, figure("neeq"))),
    )


@provision("QD_FIN_REGIONAL_MARKET", title="区域性股权市场挂牌补助", article="三（三）", arguments=ARGUMENTS)
def regional_market(approved: Yuan, listed_company: Flag = FALSE) -> Yuan:
    warn(~listed_company & (approved > figure("regional_market")), OVER)
    return choose(
        (listed_company, nothing("只补助非上市公司、有限责任公司，上市公司不予补助")),
        otherwise=step("补助金额", smaller(approved, figure("regional_market"))),
    )


# ---------------------------------------------------------------- 五（二） moving away


@provision(
    "QD_FIN_CLAWBACK",
    title="迁离应退还的补助",
    article="五（二）",
    arguments=ARGUMENTS,
    description="承诺期内迁离青岛市的，全额退还享受的补助，不按年递减，不计利息；迁离日期不填为未迁离。"
    "事项日期填取得补助之日，不是迁离之日。",
)
def clawback(received: Yuan, paid_date: Day, moved_date: MaybeDay = BLANK, subject: Subject = text("金融机构")) -> Yuan:
    moved = step("迁离日期", moved_date.or_else(paid_date))
    require(moved >= paid_date, "迁离日期不能早于拨付日期")
    until = step("承诺期满日", add_years(paid_date, figure("promise")))
    bound = one_of(subject, names("subjects.bound")) | reading("clawback_scope", "及于其他企业")
    return choose(
        (~moved_date.given(), nothing("未迁离青岛市，不退还；停业而未迁离的，条文没有写后果，须人工认定")),
        (~bound, nothing("条文只要求金融机构和市场机构退还，其他企业未写，须人工认定")),
        (moved < until, step("应退还金额", received)),
        otherwise=nothing("承诺的{promise}年已满，不退还"),
    )
