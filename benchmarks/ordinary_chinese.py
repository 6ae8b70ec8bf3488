"""Count right Chinese that is rewritten or asked about: heads of listed compounds before ordinary words.

    python benchmarks/ordinary_chinese.py [--words N] [--list]

新能源汽车 is listed, and people say 新能源支持, 新能源其他, 新能源记者. Each of twenty heads of compounds stands
before each of the 3,000 commonest words of two characters (``fixer/data/chinese.tsv``) in a plain sentence; every edit
is a false one. Printed, never asserted.
"""

from __future__ import annotations

import argparse
from collections import Counter
from importlib import resources

from common import ROOT, shipped_fixer, shipped_glossary

from fixer.judge.proposal import Safety
from fixer.transcripts.transcript import Transcript

LISTED = (
    "新能源汽车", "智能音箱", "智能驾驶", "自动驾驶", "深度学习", "虚拟形象", "数字孪生", "数据中心", "语音识别",
    "人工智能", "知识图谱", "机器学习", "图像生成", "量子计算", "神经网络", "空间计算", "商业模式", "视觉模型",
    "网络安全", "开源社区", "推理引擎", "目标检测", "信息检索", "企业微信",
)  # fmt: skip
"""Compounds that people talk about; the heads of the first twenty that are listed are used."""
SENTENCE = "他们说{}这个事情其实很重要。\n"
APART = "后来我们就回家吃饭了，吃完饭以后又出去走了走，天气不冷也不热。\n" * 2
"""Stands between two sentences, so that no word of one is near the other."""
TOGETHER = 60
"""Sentences in one document: a document each takes ten times as long and differs in a few edits."""


def heads(names: frozenset[str]) -> list[str]:
    """Return twenty heads of listed compounds, without their last two characters."""
    return list(dict.fromkeys(name[:-2] for name in LISTED if name in names))[:20]


def commonest(count: int) -> list[str]:
    """Return the commonest words of two characters."""
    rows = resources.files("fixer").joinpath("data/chinese.tsv").read_text("utf-8").splitlines()
    pairs = [(int(tenths), word) for word, tenths in (row.split("\t") for row in rows) if len(word) == 2]
    return [word for _, word in sorted(pairs)[:count]]


def main() -> None:
    """Print counts by head."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--words", type=int, default=3000, help="how many of the commonest words")
    parser.add_argument("--together", type=int, default=TOGETHER, help="sentences in one document")
    parser.add_argument("--list", action="store_true", help="print every edit")
    args = parser.parse_args()
    glossary = shipped_glossary()
    fixer = shipped_fixer(glossary)
    names = frozenset(term.term for term in glossary.terms)
    safe: Counter[str] = Counter()
    offered: Counter[str] = Counter()
    for head in heads(names):
        right = [word for word in commonest(args.words) if head + word not in names]
        for first in range(0, len(right), args.together):
            sentences = (SENTENCE.format(head + word) for word in right[first : first + args.together])
            found = fixer.propose(Transcript.parse(APART.join(sentences)))
            offered[head] += len(found)
            safe[head] += sum(p.safety >= Safety.SAFE for p in found)
            for p in found if args.list else ():
                print(f"  {p.heard} -> {p.replacement} {p.confidence:.2f} {p.safety.name}")
        print(f"{head}\t{safe[head]} safe\t{offered[head]} offered\tof {len(right)}", flush=True)
    print(f"together\t{safe.total()} safe\t{offered.total()} offered\t({ROOT.name}, shipped glossary)")


if __name__ == "__main__":
    main()
