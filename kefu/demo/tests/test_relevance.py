"""What people really type finds the article that answers it, in three languages and across them."""

from __future__ import annotations

import pytest

from kefu.brands.models import Brand
from kefu.search.find import find

# Each question is asked of the whole demo.
pytestmark = pytest.mark.slow

DEPOSIT, REVIEW, GENUINE = "deposit-not-here", "withdrawal-under-review", "is-support-genuine"
CODE, PASSWORD, WAYS = "no-verification-code", "forgotten-password", "official-channels-and-hours"
NETWORK, MEMO, CONFIRMATIONS, FEES = "right-network", "missing-memo", "confirmations", "minimums-and-fees"
TWO_STEP, AT_RISK, FROZEN, PHISHING = (
    "reset-two-step",
    "account-at-risk",
    "account-frozen",
    "phishing-mails-and-sites",
)
VERIFY, REJECTED = "verify-as-an-individual", "verification-rejected"
SIGN_UP, UID, CONTACT, DEVICE = "open-an-account", "where-is-my-uid", "change-email-or-phone", "new-device"
TXID, RECEIVED, WRONG_ADDRESS = "what-is-a-txid", "sent-but-not-received", "sent-to-a-wrong-address"
BANK, PAUSED = "bank-deposit-missing", "paused-coins"
NEVER, PHRASE, LINKING = "what-we-never-ask", "phrase-of-your-own", "authenticator-and-passkey"
ALLOW_LIST, PHOTOS, PEER, CASE = (
    "withdrawal-allow-list",
    "photos-that-pass",
    "paid-but-not-released",
    "follow-your-case",
)
UNSUPPORTED, REMOTE, SCAMMED, PREPARE = (
    "unsupported-coin",
    "remote-help-scams",
    "first-hour-after-a-scam",
    "what-to-prepare",
)
ORDERS, UNFILLED, SLIPPAGE, FUTURES = "order-types", "order-not-filled", "slippage", "futures-basics"
LIQUIDATION, DISPUTE = "liquidation-and-mark-price", "dispute-a-liquidation"
FUNDING, TIERS = "funding", "fee-tiers"
ADDRESS, RENAMED, FUNDS, BUSINESS = (
    "proof-of-address",
    "change-verified-details",
    "source-of-funds",
    "business-verification",
)
CLOSING, SUB, ADVICE = "close-account", "sub-accounts", "no-investment-advice"
STOPPING, COPYING = "stop-a-strategy", "copy-trading"
TRADE, BANK_CARD, CARD = "safe-peer-trade", "bank-card-frozen", "card-charged-no-crypto"
API_ERRORS, STATUS, MAINTENANCE = "api-errors-and-limits", "system-status", "orders-during-maintenance"
REDEMPTION, REWARD, KEYS = "redemption-times", "reward-not-received", "api-keys"
CHANNEL, COMPLAINT, SUGGESTION = "which-channel", "complaint-and-review", "suggestions"

QUESTIONS = [
    ("zh-hans", "充币没到账", DEPOSIT),
    ("zh-hans", "我充的币怎么还没到", DEPOSIT),
    ("zh-hans", "充的币一直没有到账", DEPOSIT),
    ("zh-hans", "充币一直没有到账", DEPOSIT),
    ("zh-hant", "充的幣一直沒有到帳", DEPOSIT),
    ("en", "my crypto deposit has not arrived", DEPOSIT),
    ("zh-hans", "入金", BANK),
    ("zh-hans", "充值", DEPOSIT),
    ("zh-hans", "转了USDT半小时了余额没变", DEPOSIT),
    ("zh-hans", "trc20 确认数要多少", CONFIRMATIONS),
    ("zh-hans", "忘记填memo了", MEMO),
    ("zh-hans", "链上成功了但是没有入账", DEPOSIT),
    ("zh-hans", "儲值還沒入帳", DEPOSIT),
    ("zh-hans", "提现一直审核中", REVIEW),
    ("zh-hans", "提币卡住了", REVIEW),
    ("zh-hans", "提现怎么还在审核", REVIEW),
    ("zh-hans", "审核", REVIEW),
    ("zh-hans", "为什么我的提现要等24小时", ALLOW_LIST),
    ("zh-hans", "提現沒到帳", REVIEW),
    ("zh-hans", "withdrawal 审核中", REVIEW),
    ("zh-hans", "改了密码之后不能提币", ALLOW_LIST),
    ("zh-hans", "怎么撤销提现", REVIEW),
    ("zh-hans", "客服是真的吗", GENUINE),
    ("zh-hans", "有人自称客服问我要验证码", GENUINE),
    ("zh-hans", "假客服", GENUINE),
    ("zh-hans", "骗子", GENUINE),
    ("zh-hans", "官方邮箱是哪个", WAYS),
    ("zh-hans", "support@xinghai.example", GENUINE),
    ("zh-hans", "让我共享屏幕", REMOTE),
    ("zh-hant", "入金沒到帳", DEPOSIT),
    ("zh-hant", "加值", DEPOSIT),
    ("zh-hant", "我轉進來的幣看不到", DEPOSIT),
    ("zh-hant", "充值没到账", DEPOSIT),
    ("zh-hant", "區塊鏈確認數", CONFIRMATIONS),
    ("zh-hant", "提領一直審核中怎麼辦", REVIEW),
    ("zh-hant", "出金", REVIEW),
    ("zh-hant", "提幣卡住", REVIEW),
    ("zh-hant", "提领要多久", REVIEW),
    ("zh-hant", "這個客服是不是詐騙", GENUINE),
    ("zh-hant", "客服主動私訊我", GENUINE),
    ("zh-hant", "有人跟我要驗證碼", GENUINE),
    ("en", "deposit not showing", DEPOSIT),
    ("en", "where is my deposit", DEPOSIT),
    ("en", "my coins have not arrived", DEPOSIT),
    ("en", "how many confirmations for Bitcoin", CONFIRMATIONS),
    ("en", "wrong memo", MEMO),
    ("en", "my withdrawal is stuck", REVIEW),
    ("en", "withdrawal pending for hours", REVIEW),
    ("en", "cancel a withdrawal", REVIEW),
    ("en", "WITHDRAWALS STUCK", REVIEW),
    ("en", "is this support agent real", GENUINE),
    ("en", "somebody asks for my code", GENUINE),
    ("en", "is this support a scam", GENUINE),
    ("en", "official email address", WAYS),
    ("en", "提现审核", REVIEW),
    ("zh-hans", "验证码收不到怎么办", CODE),
    ("zh-hans", "密码忘了登不上去", PASSWORD),
    ("zh-hans", "充错链了", NETWORK),
    ("zh-hans", "usdt提币手续费是多少", FEES),
    ("zh-hans", "你们客服几点下班", WAYS),
    ("zh-hant", "一直收不到簡訊驗證碼", CODE),
    ("zh-hant", "密碼忘記了", PASSWORD),
    ("zh-hant", "入錯鏈", NETWORK),
    ("zh-hant", "xrp 沒填 tag", MEMO),
    ("zh-hant", "最少可以提多少", FEES),
    ("zh-hant", "星期六有客服嗎", WAYS),
    ("en", "sms code never came", CODE),
    ("en", "I forgot my password", PASSWORD),
    ("en", "which network should I use for USDT", NETWORK),
    ("en", "xrp destination tag missing", MEMO),
    ("en", "how much is the withdrawal fee", FEES),
    ("en", "what time does support open", WAYS),
    ("zh-hans", "限价单和市价单有什么区别", ORDERS),
    ("zh-hans", "挂单一直不成交", UNFILLED),
    ("zh-hans", "成交价比我看到的高", SLIPPAGE),
    ("zh-hans", "逐仓全仓选哪个", FUTURES),
    ("zh-hant", "停損單怎麼設定", ORDERS),
    ("zh-hant", "掛單沒有成交", UNFILLED),
    ("zh-hant", "滑價是什麼", SLIPPAGE),
    ("zh-hant", "槓桿倍數怎麼調", FUTURES),
    ("en", "what is a stop order", ORDERS),
    ("en", "my order is not filling", UNFILLED),
    ("en", "why was the price different", SLIPPAGE),
    ("en", "cross or isolated margin", FUTURES),
    ("zh-hans", "为什么没到价格就爆仓了", LIQUIDATION),
    ("zh-hans", "爆仓怎么申诉", DISPUTE),
    ("zh-hans", "资金费率几点扣", FUNDING),
    ("zh-hans", "怎么升VIP等级", TIERS),
    ("zh-hant", "標記價格怎麼算", LIQUIDATION),
    ("zh-hant", "強制平倉申訴", DISPUTE),
    ("zh-hant", "資金費用多久收一次", FUNDING),
    ("zh-hant", "交易手續費怎麼算", TIERS),
    ("en", "why did I get liquidated", LIQUIDATION),
    ("en", "dispute my liquidation", DISPUTE),
    ("en", "when is the funding fee paid", FUNDING),
    ("en", "maker and taker fees", TIERS),
    ("zh-hans", "住址证明用什么", ADDRESS),
    ("zh-hans", "身份证过期了怎么更新", RENAMED),
    ("zh-hant", "地址證明可以用租約嗎", ADDRESS),
    ("zh-hant", "換新護照怎麼更新", RENAMED),
    ("en", "utility bill as proof of address", ADDRESS),
    ("en", "my passport expired", RENAMED),
    ("zh-hans", "为什么要资金来源证明", FUNDS),
    ("zh-hans", "怎么注销账户", CLOSING),
    ("zh-hans", "客服推荐我买一个币", ADVICE),
    ("zh-hant", "資金來源要交什麼", FUNDS),
    ("zh-hant", "怎麼刪除帳號", CLOSING),
    ("zh-hant", "現在可以買哪個幣", ADVICE),
    ("en", "proof of source of funds", FUNDS),
    ("en", "delete my account", CLOSING),
    ("en", "which coin should I buy", ADVICE),
    ("zh-hans", "子账户可以提现吗", SUB),
    ("zh-hans", "网格停不掉", STOPPING),
    ("zh-hans", "跟单怎么分成", COPYING),
    ("zh-hans", "公司怎么认证", BUSINESS),
    ("zh-hant", "怎麼開子帳戶", SUB),
    ("zh-hant", "取消定期定額", STOPPING),
    ("zh-hant", "跟單賠錢", COPYING),
    ("zh-hant", "公司可以開戶嗎", BUSINESS),
    ("en", "how many sub-accounts", SUB),
    ("en", "stop my grid bot", STOPPING),
    ("en", "profit share of a lead trader", COPYING),
    ("en", "verify a company", BUSINESS),
    ("zh-hans", "手机丢了谷歌验证怎么重置", TWO_STEP),
    ("zh-hans", "我的号被盗了", AT_RISK),
    ("zh-hans", "账户被风控了怎么解除", FROZEN),
    ("zh-hans", "R05", FROZEN),
    ("zh-hans", "收到一封可疑的邮件", PHISHING),
    ("zh-hans", "怎么实名", VERIFY),
    ("zh-hans", "人脸识别一直不通过", REJECTED),
    ("zh-hant", "手機不見了驗證器怎麼辦", TWO_STEP),
    ("zh-hant", "帳號被盜", AT_RISK),
    ("zh-hant", "帳戶被凍結", FROZEN),
    ("zh-hant", "這個網站是假的嗎", PHISHING),
    ("zh-hant", "實名認證要準備什麼", VERIFY),
    ("zh-hant", "KYC 被拒", REJECTED),
    ("en", "new phone, lost my authenticator", TWO_STEP),
    ("en", "I think my account was hacked", AT_RISK),
    ("en", "why is my account frozen", FROZEN),
    ("en", "is this website a fake", PHISHING),
    ("en", "how do I do KYC", VERIFY),
    ("en", "my verification was rejected", REJECTED),
    ("zh-hans", "怎么开户", SIGN_UP),
    ("zh-hans", "我的uid在哪看", UID),
    ("zh-hans", "想换绑手机号", CONTACT),
    ("zh-hans", "换了浏览器要重新验证", DEVICE),
    ("zh-hant", "註冊要什麼", SIGN_UP),
    ("zh-hant", "找不到 UID", UID),
    ("zh-hant", "換門號了怎麼改", CONTACT),
    ("zh-hant", "異地登入通知", DEVICE),
    ("en", "sign up", SIGN_UP),
    ("en", "what is a uid", UID),
    ("en", "change my phone number", CONTACT),
    ("en", "login from a new device", DEVICE),
    ("zh-hans", "哈希值是什么", TXID),
    ("zh-hans", "提币显示成功但对方说没收到", RECEIVED),
    ("zh-hans", "币转错地址能追回来吗", WRONG_ADDRESS),
    ("zh-hans", "银行卡转账好几天没入账", BANK),
    ("zh-hans", "为什么这个币不能充值了", PAUSED),
    ("zh-hant", "交易雜湊去哪找", TXID),
    ("zh-hant", "已送出但對方錢包沒有", RECEIVED),
    ("zh-hant", "轉錯地址救得回來嗎", WRONG_ADDRESS),
    ("zh-hant", "台幣匯款沒到", BANK),
    ("zh-hant", "什麼時候恢復提領", PAUSED),
    ("en", "where can I see the transaction hash", TXID),
    ("en", "receiver never got the coins", RECEIVED),
    ("en", "I sent it to the wrong address", WRONG_ADDRESS),
    ("en", "bank transfer not credited", BANK),
    ("en", "withdrawals suspended", PAUSED),
    ("zh-hans", "客服让我把币转到安全账户", NEVER),
    ("zh-hans", "防钓鱼码在哪设", PHRASE),
    ("zh-hans", "怎么绑谷歌验证器", LINKING),
    ("zh-hans", "提币白名单怎么关", ALLOW_LIST),
    ("zh-hans", "护照照片老是反光", PHOTOS),
    ("zh-hans", "c2c卖家不放币", PEER),
    ("zh-hans", "客服一直不回我怎么催", CASE),
    ("zh-hant", "客服要我分享螢幕", NEVER),
    ("zh-hant", "防釣魚碼", PHRASE),
    ("zh-hant", "怎麼開 passkey", LINKING),
    ("zh-hant", "白名單", ALLOW_LIST),
    ("zh-hant", "自拍一直不過", PHOTOS),
    ("zh-hant", "錢付了賣家不放幣", PEER),
    ("zh-hant", "想查處理進度", CASE),
    ("en", "support asked for my recovery phrase", NEVER),
    ("en", "anti-phishing code", PHRASE),
    ("en", "turn on two factor", LINKING),
    ("en", "address whitelist", ALLOW_LIST),
    ("en", "how to take the selfie", PHOTOS),
    ("en", "seller won't release my coins", PEER),
    ("en", "status of my case", CASE),
    ("zh-hans", "充了一个没上架的代币", UNSUPPORTED),
    ("zh-hans", "对方让我装远程软件", REMOTE),
    ("zh-hans", "我被骗了钱还能追回吗", SCAMMED),
    ("zh-hans", "找客服需要提供哪些信息", PREPARE),
    ("zh-hant", "轉了不支援的代幣", UNSUPPORTED),
    ("zh-hant", "對方遠端操控我的手機", REMOTE),
    ("zh-hant", "被詐騙怎麼報案", SCAMMED),
    ("zh-hant", "聯絡客服前要準備什麼", PREPARE),
    ("en", "token is not supported", UNSUPPORTED),
    ("en", "they want remote access to my computer", REMOTE),
    ("en", "I got scammed", SCAMMED),
    ("en", "what information does support need", PREPARE),
    ("zh-hans", "C2C 交易安全吗", TRADE),
    ("zh-hans", "卖币后银行卡被冻结", BANK_CARD),
    ("zh-hans", "刷卡买币没到账", CARD),
    ("zh-hant", "P2P 怎麼買幣", TRADE),
    ("zh-hant", "賣幣後變成警示帳戶", BANK_CARD),
    ("zh-hant", "信用卡買幣沒收到", CARD),
    ("en", "is P2P safe", TRADE),
    ("en", "bank froze my card after P2P", BANK_CARD),
    ("en", "card charged but no crypto", CARD),
    ("zh-hans", "接口报错请求太频繁", API_ERRORS),
    ("zh-hans", "网站是不是崩了打不开", STATUS),
    ("zh-hans", "维护的时候挂单还在吗", MAINTENANCE),
    ("zh-hant", "API 一直回傳簽章錯誤", API_ERRORS),
    ("zh-hant", "今天系統有在維護嗎", STATUS),
    ("zh-hant", "維護的時候會不會爆倉", MAINTENANCE),
    ("en", "api rate limit exceeded", API_ERRORS),
    ("en", "is the website down", STATUS),
    ("en", "are my orders cancelled during maintenance", MAINTENANCE),
    ("zh-hans", "理财赎回多久", REDEMPTION),
    ("zh-hans", "活动奖励没发", REWARD),
    ("zh-hans", "API 怎么绑定 IP", KEYS),
    ("zh-hant", "質押解鎖多久", REDEMPTION),
    ("zh-hant", "空投沒收到", REWARD),
    ("zh-hant", "API 密鑰忘記了", KEYS),
    ("en", "how long does redemption take", REDEMPTION),
    ("en", "my airdrop reward is missing", REWARD),
    ("en", "create an API key", KEYS),
    ("zh-hans", "找人工客服哪个渠道最快", CHANNEL),
    ("zh-hans", "我要投诉你们", COMPLAINT),
    ("zh-hans", "想提个建议", SUGGESTION),
    ("zh-hant", "哪個管道最快找到真人", CHANNEL),
    ("zh-hant", "我要客訴", COMPLAINT),
    ("zh-hant", "希望新增一個功能", SUGGESTION),
    ("en", "quickest way to talk to a human", CHANNEL),
    ("en", "I want to make a complaint", COMPLAINT),
    ("en", "feature request", SUGGESTION),
]


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_the_right_article_comes_first(language: str, xinghai: Brand) -> None:
    asked = [(question, slug) for typed_in, question, slug in QUESTIONS if typed_in == language]

    found = [(question, _first(question, xinghai, language)) for question, _ in asked]

    assert found == [(question, f"/{language}/articles/{slug}/") for question, slug in asked]


def _first(question: str, brand: Brand, language: str) -> str | None:
    hits = find(question, brand=brand, language=language)
    return hits[0].path if hits else None


def test_what_no_article_answers_finds_none(xinghai: Brand) -> None:
    for question in ["咖啡豆", "今天天气怎么样", "pizza recipe", "双色球走势图", "zzzz"]:
        assert find(question, brand=xinghai, language="zh-hans") == [], question


def test_a_traditional_query_finds_articles_shown_in_simplified_characters(xinghai: Brand) -> None:
    hit = find("假客服的騙術", brand=xinghai, language="zh-hans")[0]

    assert hit.language == "zh-hans"
    assert "客服" in "".join(part.text for part in hit.title if part.is_match)
