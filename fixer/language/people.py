"""Which Chinese characters may be somebody's name, and what follows one."""

from __future__ import annotations

import regex

from fixer.language.ordinary import ordinary
from fixer.language.scripts import simplified

__all__ = ["is_title", "may_be_somebody"]

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾"
    "夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤柯游庄赖简温詹洪翁巫伍"
)
"""Usual surnames, simplified; rarer ones begin too many other words."""
_TITLE = regex.compile("老师|教授|博士|医师|医生|先生|小姐|女士|同学|主席|总统|院长|主任|董事长|理事长|议员|委员|记者")


def is_title(after: str) -> bool:
    """Whether what follows a name begins with a title: 教授, 先生."""
    return _TITLE.match(simplified(after)) is not None


def may_be_somebody(name: str) -> bool:
    """Whether a text is a usual surname and two characters, Simplified or Traditional, that are not ordinary words.

    >>> [name for name in ("林國明", "金融業", "人頭稅") if may_be_somebody(name)]
    ['林國明']
    """
    name = simplified(name)
    return len(name) == 3 and name[0] in _SURNAMES and not ordinary(name) and not ordinary(name[:2])
