"""Words of the trade that mean the same, so that people find a thing by their own word for it.

One line a meaning, folded. Only what the index holds as one token can stand here: two Chinese characters, or one word of
letters. Articles add their own words; these are the ones that every exchange shares.
"""

from __future__ import annotations

from collections.abc import Mapping

MEANINGS = """
充值 充币 冲币 冲值 入金 加值 储值 deposit deposits deposited
提现 提币 提领 提款 出金 withdraw withdrawal withdrawals withdrawing withdrew
账户 帐户 账号 帐号 户口 户头 account accounts
到账 到帐 入账 入帐 arrive arrived credited
冻结 限制 风控 封号 frozen freeze restricted locked
验证 认证 verify verification verified
审核 审查 review reviewing
强平 爆仓 清算 liquidation liquidated
转账 转帐 汇款 transfer transferred
手续 费用 fee fees
网络 网路 公链 主网 network networks chain
客服 支援 support agent
骗子 诈骗 诈欺 假冒 冒充 仿冒 scam scammer fake impostor impersonator phishing
真的 真假 真伪 官方 genuine real official legit
工单 案件 case ticket
""".strip()


def _others() -> Mapping[str, tuple[str, ...]]:
    groups = [line.split() for line in MEANINGS.splitlines()]
    return {word: tuple(other for other in group if other != word) for group in groups for word in group}


OTHERS = _others()
