"""Which three Chinese characters may be somebody's name."""

from __future__ import annotations

from fixer.language.ordinary import ordinary
from fixer.language.scripts import simplified

__all__ = ["may_be_somebody"]

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾"
    "夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤柯游庄赖简温詹洪翁巫伍"
)
"""Usual surnames, simplified; rarer ones begin too many other words."""


def may_be_somebody(name: str) -> bool:
    """Whether a text is a usual surname and two characters, Simplified or Traditional, that are not ordinary words.

    >>> [name for name in ("林國明", "金融業", "人頭稅") if may_be_somebody(name)]
    ['林國明']
    """
    name = simplified(name)
    return len(name) == 3 and name[0] in _SURNAMES and not ordinary(name) and not ordinary(name[:2])
