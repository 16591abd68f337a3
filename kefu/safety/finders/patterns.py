"""What the guard looks for, written once: `published.py` gives the same patterns to the browser.

They are written in what Python and JavaScript read alike: no ``\\b``, ``\\d``, ``\\w``, dot or ``$``, and no named groups.
They read folded text: simplified characters, narrow letters and digits, lower case unless it says otherwise. Every inner
repeat is bounded.
Formats: BIP-32, BIP-38, BIP-39, RFC 7468, WIF, Web3 secret storage.
"""

from __future__ import annotations

import re

# Only the characters of the patterns below, in the form that they are written in.
TRADITIONAL = (
    "驗證碼動態鑰詞記資錢戶號訂單額錯誤狀報簡訊設換賬帳間鐘個塊萬時點種復語電話機餘現幣轉買賣過問題這優薦"
    "國區約雜湊確認權給郵條沒來還錄為從與爲註臨領請簽參數倉槓桿帐：＝－／"
)
SIMPLIFIED = (
    "验证码动态钥词记资钱户号订单额错误状报简讯设换账账间钟个块万时点种复语电话机余现币转买卖过问题这优荐"
    "国区约杂凑确认权给邮条没来还录为从与为注临领请签参数仓杠杆账:=-/"
)
SIMPLER = dict(zip(TRADITIONAL, SIMPLIFIED, strict=True))

SOURCES: dict[str, str] = {}
PLAIN_SPACES = r" \t-\r"
CLASS_OR_ESCAPE = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]", re.DOTALL)


def _pattern(name: str, source: str) -> re.Pattern[str]:
    source = CLASS_OR_ESCAPE.sub(_with_plain_spaces, source)
    SOURCES[name] = source
    return re.compile(source)


def _with_plain_spaces(part: re.Match[str]) -> str:
    """Python takes four control characters for spaces, JavaScript doesn't; what else differs is folded before."""
    if part.group() == r"\s":
        return rf"[{PLAIN_SPACES}]"
    return part.group().replace(r"\s", PLAIN_SPACES)


# A bare ``$`` is another place in Python than in JavaScript when a line end follows, and a bare dot another set.
AT_END = r"(?!\n|[^\n])"


def _words(*words: str) -> str:
    """Latin words with an edge on both sides, which ``\\b`` doesn't see beside Chinese."""
    return f"(?<![0-9a-z])(?:{'|'.join(words)})(?![a-z])"


INVISIBLE = _pattern(
    "INVISIBLE",
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e0fff]",
)
SPACES = _pattern("SPACES", "[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
LINE_ENDS = _pattern("LINE_ENDS", "[\u0085\u2028\u2029]")
# Roman ones number things; made of letters they would be words.
NUMERALS = _pattern("NUMERALS", "[\u2160-\u2188]")

# Keys. What stands in base 58 is read in the case that it was typed in.
B58 = "[1-9A-HJ-NP-Za-km-z]"
START, END = "(?<![0-9A-Za-z])", "(?![0-9A-Za-z])"
DASHES = "[\\-\u2010-\u2015]{2,6}"
PEM_BEGIN = _pattern(
    "PEM_BEGIN", rf"{DASHES}\s{{0,2}}begin [a-z0-9 ]{{0,40}}private key(?: block)?\s{{0,2}}{DASHES}"
)
PEM_END = _pattern(
    "PEM_END", rf"{DASHES}\s{{0,2}}end [a-z0-9 ]{{0,40}}private key(?: block)?\s{{0,2}}{DASHES}"
)
# A block whose end was not copied: lines of base 64, the last one short.
FOLD = r"(?:\s|\\n|\\r){1,6}"
PEM_BODY = _pattern(
    "PEM_BODY",
    rf"{FOLD}[0-9a-z+/=]{{4,100}}(?:{FOLD}[0-9a-z+/=]{{16,100}}){{0,200}}(?:{FOLD}[0-9a-z+/]{{1,15}}={{1,2}})?",
)
BRACE = _pattern("BRACE", r"[{}]")
HAS_CRYPTO = _pattern("HAS_CRYPTO", "[\"'“”]crypto[\"'“”]\\s{0,4}:")
HAS_CIPHERTEXT = _pattern("HAS_CIPHERTEXT", "[\"'“”]ciphertext[\"'“”]\\s{0,4}:")
CRYPTO_BEFORE = _pattern("CRYPTO_BEFORE", f"[\"'“”]crypto[\"'“”]\\s{{0,4}}:\\s{{0,4}}{AT_END}")
# SLIP-132, and Litecoin's and Dogecoin's own.
EXTENDED = _pattern("EXTENDED", rf"{START}(?:[xyztuvYZUV]prv|[LM]tpv|dgpv){B58}{{100,112}}{END}")
# By length alone: what is one of them, its checksum says.
CHECKED_KEY = _pattern("CHECKED_KEY", rf"{START}(?:{B58}{{51,52}}|6P{B58}{{56}}|s{B58}{{27,30}}){END}")
# Names say what they are: Cardano's keys (CIP-5 and before it) and Sui's (SIP-15). Stellar's seeds (SEP-23) are long enough.
NAMED_KEY = _pattern(
    "NAMED_KEY",
    r"(?<![0-9A-Za-z_])(?:(?:[0-9a-z_]{2,24}_x?sk|[0-9A-Z_]{2,24}_X?SK|xprv|XPRV)1[02-9A-HJ-NP-Za-hj-np-z]{50,250}"
    rf"|suiprivkey1[0-9a-z]{{50,70}}|S[A-Z2-7]{{55}}){END}",
)
BYTES = _pattern("BYTES", r"\[\s{0,4}[0-9]{1,3}(?:\s{0,4},\s{0,4}[0-9]{1,3}){63}\s{0,4}\]")
# 64 hex digits, or 64 bytes in base 58, are a TxID's shape too, and 51 letters may be a key with a slip in it: the nearest
# word that names it decides. In hex the XRP Ledger's keys have two digits more in front, and so have its public ones.
LONG_KEY = _pattern(
    "LONG_KEY", rf"{START}(?:(?:0x|ED|ed|00)?[0-9a-fA-F]{{64}}|{B58}{{86,88}}|{B58}{{51,52}}){END}"
)
KEY_NAMES = r"私钥|私匙|密钥|金钥|(?:private|secret|priv|prv)[^\r\n]?key"
KEY_OR_TX = _pattern(
    "KEY_OR_TX",
    f"({KEY_NAMES})"
    r"|哈希|杂凑|交易号|交易单号|交易id|交易记录|流水|公钥|tx[^\r\n]?(?:id|hash)|public[^\r\n]?key"
    rf"|{_words('tx', 'hash', 'transaction')}",
)
# Keys are talked of together with addresses and blocks, so such a word names only what stands right behind it, and only
# where it opens a clause: "the private key is safe, address 9f3c…". Some chains' addresses have the shape of a key.
PLACE_BEFORE = _pattern(
    "PLACE_BEFORE",
    r"(?:^|[,，.。;；!！?？\n])\s{0,2}(?:(?:我的|这个|该|my|the|its|sui|aptos|near|starknet)\s{0,2})?(?:充值|充币|提现|提币|合约|钱包)?"
    rf"(?:区块|合约|地址|{_words('block', 'contract', 'address')})\s{{0,2}}(?:(?:是|为|:|is)\s{{0,2}}){{0,2}}{AT_END}",
)
# "address: 9f3c… (private key)".
KEY_AFTER = _pattern(
    "KEY_AFTER",
    rf"^[^,，.。;；!！?？\n]{{0,12}}(?:{KEY_NAMES})",
)
LONG_WORD = _pattern("LONG_WORD", "[0-9a-z]{26,150}")

# Seed phrases.
# "a)", "iv.", "No. 2" and the end of "2nd" number words and are none.
NUMBERING = r"(?:(?:[a-z]|[ivx]{2,5})[).:、]|no[. ]{0,2}(?=[0-9]))"
ORDINAL = "(?<=[0-9])(?:st|nd|rd|th)(?![a-z])"
# "Legal and winner": the list has no such word. Nor is a name's second word one: "mnemonic phrase and private key".
JOINING, NAMING = "and(?![a-z])", "(?:(?<=mnemonic )|(?<=seed ))phrase(?![a-z])"
LATIN_WORD = _pattern("LATIN_WORD", f"(?<![a-z])(?!{NUMBERING}|{ORDINAL}|{JOINING}|{NAMING})[a-z]+")
# Spaces, numbering, punctuation; letters of any script end a phrase, but for the few that number its words or join them.
COUNTING = (
    "第个词单字号位条一二三四五六七八九十〇零两\u3220-\u3229\u3280-\u3289"
    "这那前后中间上下左右边面半段行组批首末尾余剩其另外的和与跟及并还有以再又然接着到"
)
# Not right behind a word, which may be the one that names them: "seed是 legal winner".
COUNTED = "(?<=[个词单字号位条组行这那下])(?:分别)?[是为]"
GAP = _pattern(
    "GAP",
    "^(?:[^a-zA-Z\u00aa-\u02af\u0370-\u1fff\u2c00-\u2fdf\u3040-\ud7ff\uf900-\ufdff\ufe70-\ufefe]"
    f"|[{COUNTING}]|{COUNTED}|{NUMBERING}|{ORDINAL}|{JOINING}){{1,12}}{AT_END}",
)
PHRASE_WORD = _pattern(
    "PHRASE_WORD",
    "助记|注记词|恢复词|恢复短语|复原短语|种子词|种子短语"
    f"|{_words('seed', 'mnemonic', 'recovery phrase', 'recovery words', 'secret phrase', 'backup phrase')}",
)
LONE_HAN = _pattern("LONE_HAN", "(?<![\u4e00-\u9fff])[\u4e00-\u9fff](?![\u4e00-\u9fff])")
HAN_GAP = _pattern("HAN_GAP", f"^[\\s0-9,，、.。;；|/()（）:_\\-]{{1,6}}{AT_END}")

# One-time codes.
# "verifyCode", as programs write it, in lower case; errorCode, retCode and countryCode are none.
CAMEL_CODE = (
    "(?:verify|verification|(?<!in)valid|validate|validation|check|confirm|confirmation|captcha|dynamic|sms|mail|phone|mobile"
    "|google|otp|[2mt]fa|factor|auth|authentication|authenticator|login|signin|access|security|(?<![0-9a-z])(?:ga|pin|v))"
    "codes?(?![a-z])"
)
CODE_WORDS = (
    "验证码|校验码|动态码|动态口令|动态密码|一次性密码|一次性代码|短信码|简讯码|安全码|确认码|授权码|谷歌码|谷歌验证"
    f"|身份验证器|验证器|{CAMEL_CODE}|"
    + _words(
        "2fa", "otp", "totp", "passcode", "one[ \\-]?time (?:password|code|pin)", "codes?", "authenticator"
    )
)
CODE_WORD = _pattern("CODE_WORD", CODE_WORDS)
OTHER_CODES = (
    "error|status|http|country|promo|postal|post|zip|area|referral|invite|invitation|bank|swift|sort|exit|qr|source|reason"
    "|response|product|discount|coupon|gift|branch|dialling|dialing"
)
NO_CODE_BEFORE = _pattern(
    "NO_CODE_BEFORE",
    rf"(?:(?:错误|报错|状态|邮政|国家|邀请|推荐|优惠)\s{{0,2}}|(?<![a-z])(?:{OTHER_CODES})[\s_\-\]]{{0,2}}){AT_END}",
)
# Only the word "code" itself is what programs call their answers, and shops what they give away.
BARE_CODE = _pattern("BARE_CODE", "^codes?")
NO_BARE_CODE_BEFORE = _pattern(
    "NO_BARE_CODE_BEFORE",
    r"(?:(?:返回|接口|兑换|红包|礼品|备注)[的了]?\s{0,2}"
    r"|(?<![a-z])api(?: (?:response|error|result|gives|says))?[\s:_\-]{0,2}"
    r"|(?<![a-z])(?:err|ret|returns?|returned|redeem|redemption|gift card|voucher|packet|memo)[\s_\-]{0,2})"
    + AT_END,
)
KEYED = _pattern("KEYED", "^[\"']\\s{0,2}:")
# A program's number of five digits with its reason; codes for people have six, but for a few that come from elsewhere.
FIVE_DIGITS = _pattern("FIVE_DIGITS", f"^[0-9]{{5}}{AT_END}")
REASON = _pattern(
    "REASON",
    r"[\s,，;；]{1,3}(?:s?msg|message|reason|desc)\s{0,2}[:=]"
    r"|\s{0,2}(?:[(（\[:]|[\-\u2010-\u2015]{1,2})\s{0,2}(?:下单|余额|保证金|仓位|持仓|杠杆|参数|签名|请求|时间戳|接口"
    r"|(?:order (?:failed|placement|size|price|count|does)|insufficient|balance|margin|position|leverage|instrument|symbol"
    r"|parameters?|timestamp|signature|requests?|api key"
    r"|invalid (?:sign|signature|api|ip|parameters?|symbol|request|order|timestamp))(?![a-z]))",
)
ANSWER = _pattern("ANSWER", "[\"'][a-z_]{0,8}(?:msg|message|success|reason|desc)[\"']\\s{0,2}:")
# "I got no code, 88421357": what follows is something else, unless it is said to be the code. A line end ends the denial.
NEGATED_BEFORE = _pattern(
    "NEGATED_BEFORE",
    r"(?:收不到|没收到|没有收到|未收到|没收|没有|没来|不收|(?<![a-z])(?:no|not|never|without|missing)(?![a-z])|n't)"
    rf"[^0-9。!?！？\n]{{0,14}}{AT_END}",
)
DIRECT = _pattern("DIRECT", r"^\s{0,2}(?:就?是|为|is|was|:|=)")
DIGITS = (
    r"(?:[0-9]{3}[ \-][0-9]{3}|[0-9](?: [0-9]){5}"
    # A date written in eight digits is none.
    r"|(?!(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9]))[0-9]{4,8})"
    r"(?![0-9a-z%]|[.,:/\-][0-9]| [0-9])"
)
# On the line below only what is announced.
CODE_AFTER = _pattern(
    "CODE_AFTER",
    r"((?:[^0-9\n。！？!?;；]{0,11}[^0-9a-z\n.。！？!?;；])?"
    rf"|[^0-9\n。！？!?;；]{{0,11}}(?:[:=是为]|(?<![0-9a-z])(?:is|was))\s{{1,4}})({DIGITS})",
)
# Two lines of nothing else: "my code" or "code", and six digits.
CODE_BELOW = _pattern(
    "CODE_BELOW",
    r"(?<![^\n])(?:这是|this is )?(?:(?:我的|my) ?)?"
    r"(?:(?:短信|手机|邮箱|邮件|登录|谷歌|星海|sms|email|google|login|verification) ?){0,2}"
    rf"(?:{CODE_WORDS})[ \r]{{0,2}}\n {{0,2}}([0-9]{{6}})(?= {{0,2}}(?:[\r\n]|{AT_END}))",
)
CODE_ALSO = _pattern(
    "CODE_ALSO", rf"\s{{0,2}}(?:或者?|和|及|还有|跟|以及|or|and|then|[,，、/|])\s{{0,2}}({DIGITS})"
)
NUMBERED = "uid|id|order|amount|date|account|error|phone|ticket|case|version"
NO_CODE_BETWEEN = _pattern(
    "NO_CODE_BETWEEN",
    "订单|单号|编号|流水|用户|金额|数额|日期|账户|账号|问题|错误|报错|尾号|手机|电话|充值|充了|充币|提现|提币|提了|提领|转了|转账"
    "|余额|版本|工单|地址|[$¥€£#]|[:=]\\s{0,2}-|"
    + _words(NUMBERED)
    + "|"
    + _words("after", "within", "usdt", "usdc", "btc", "eth", "usd"),
)
UNIT = _pattern(
    "UNIT",
    r"\s{0,2}(?:分钟|小时|秒|天|元|块|个|次|位|条|年|月|日|号|点|时|分|万|美元|刀"
    r"|(?:usdt|usdc|btc|eth|usd|cny|twd|eur|mins?|minutes?|secs?|seconds?|hours?|days?|times?|attempts|digits?|characters?"
    r"|people|users)(?![a-z]))",
)
ID_AFTER = _pattern(
    "ID_AFTER",
    r"\s{0,2}(?:(?:这个)?(?:就?是|为|is)\s{0,2}(?:我的|my|the)?|这个)\s{0,2}(?:uid|id|号|订单|单号|账号|手机|order|account)",
)
# "482913 is your new Xinghai login code": words from a list, and among them one of any kind, a name.
ABOUT_CODE = (
    "(?:my|your|the|our|this|an?|new|old|latest|last|first|second|current|correct|right|only|one[ \\-]time"
    "|(?:six|[468])[ \\-]digit|sms|text|e-?mail|mail|mobile|google|verification|verify|confirmation|security"
    "|(?:log|sign)[ \\-]?in|access|authentication|auth|two-factor|temporary|withdrawal)"
)
NO_NAME = (
    f"(?!(?:{OTHER_CODES}|{NUMBERED}|no|not|never|without|for|on|in|at|under|to|of|off|with"
    "|[a-z]{1,9}(?:ing|ed)) )"
)
CODE_BEFORE = _pattern(
    "CODE_BEFORE",
    rf"(?<![0-9a-z.$¥€£#])({DIGITS})(?=[\s\x22'”」)]{{0,3}}"
    r"(?:(?:(?:就?是|为|=)\s{0,2}(?:我|你|您|的|这|个|刚|收到|短信|手机|邮箱|邮件|登录|谷歌|星海| ){0,6}"
    rf"|(?:is|was) (?:{ABOUT_CODE} ){{0,4}}(?:{NO_NAME}[a-z0-9]{{1,12}} (?:{ABOUT_CODE} ){{0,3}})?)(?:{CODE_WORDS})"
    # "12345678 (code never came)".
    rf"|[(（](?:{CODE_WORDS})(?![^)）\n]{{0,8}}(?:没|不|未|never|not|n't))))",
)

# Passwords.
# A dynamic or one-time password is a code; that of a red packet is made to be passed on.
SECRET_WORD = "(?:(?<!动态)(?<!一次性)密码|(?<!动态)(?<!红包)口令)"  # noqa: S105 - a word for one
QUOTE = "[\"'「『“‘(（【]?"
VALUE = "[!-~]{4,64}"
PASSWORD = _pattern(
    "PASSWORD",
    rf"{SECRET_WORD}"
    r"\s{0,3}(?:(?:就是|是|为|设置为|设为|设成|设置成|改为|改成|改成了|换成|换成了|[:=])\s{0,3}){1,2}"
    rf"{QUOTE}({VALUE})"
    r"|(?<![a-z])(?:password|passwd|pwd|passphrase|pin)(?![a-z])\s{0,3}(?:[:=]|(is|was)(?:\s{1,3}|\s{0,3}[:=]))\s{0,3}"
    rf"{QUOTE}({VALUE})"
    # Without a word between: letters and digits mixed are no talk. Addresses and hashes may have such a word inside.
    rf"|(?:{SECRET_WORD}\s{{0,3}}"
    r"|(?<![0-9a-z])(?:password|passwd|pwd)(?:\s{1,3}|(?<![0-9a-z][+/_\-]pwd)(?![a-z])))"
    rf"{QUOTE}([a-z0-9!@#$%^&*_+\-]{{6,64}})(?![a-z0-9])",
)
# These may be digits only; who has forgotten one writes another number behind it.
FUND_PASSWORD = _pattern(
    "FUND_PASSWORD",
    r"(?:(?:登录|登入|登陆|邮箱|资金|交易|支付|提现|提币|提领)密码"
    r"|(?<![a-z])(?:login|e?mail|funds?|trad(?:e|ing)|payment|withdraw(?:al)?) (?:password|passwd|pwd)(?![a-z])"
    r"|(?<![0-9a-z])(?<!time[ \-])pin(?: ?码|(?: number)?(?![a-z])))"
    rf"\s{{0,3}}(?:(?:[:=是为]|is|was)\s{{0,3}})?{QUOTE}({DIGITS}|[0-9]{{9,10}}(?![0-9a-z%]|[.,:/\-][0-9]))",
)
# Behind the bare name of a password that is to be changed such a number is somebody's UID.
UID_LIKE = _pattern("UID_LIKE", rf"(?:码|word|wd|pin|number)\s{{1,3}}[0-9]{{8,10}}{AT_END}")
FORGOTTEN = r"忘|重置|重设|找回|(?<![a-z])(?:forgot|forgotten|forget|lost|reset|recover)(?![a-z])"
UP_TO_A_WORD = rf"[^0-9。!?！？\n]{{0,9}}{AT_END}"
FORGOTTEN_BEFORE = _pattern("FORGOTTEN_BEFORE", f"(?:{FORGOTTEN}){UP_TO_A_WORD}")
# "Account and password: 138… abc": both go, because nobody can tell them apart.
ACCOUNT_BEFORE = _pattern(
    "ACCOUNT_BEFORE",
    r"(?:账号|账户|邮箱|用户名|手机号|account|username|user|email)[\s/&+,、和及与]{0,3}(?:and )?(?:登录)?"
    rf"\s{{0,2}}{AT_END}",
)
NEXT_VALUE = _pattern(
    "NEXT_VALUE", rf"[\s,，/|;；]{{1,4}}(?:(?:密码|password)\s{{0,2}}[:=]?\s{{0,2}})?({VALUE})"
)
NO_PASSWORD = _pattern(
    "NO_PASSWORD",
    r"^(?:https?:|www\.)"
    r"|^(?:wrong|incorrect|not|reset|resets|resetting|required|errors?|forgot|forgotten|changed?|failed|link|expired|invalid"
    r"|correct|lost|being|still|too|very|same|different|weak|strong|strength|empty|blank|unknown|missing|please|cannot|can't"
    r"|never|always|none|null|true|false|hidden|secret|secure|safe|here|there|this|that|what|when|where|fine|okay|good"
    r"|locked|blocked|disabled|protected|rejected|accepted|working|hacked|stolen|leaked|compromised|removed|saved|rules?|policy"
    r"|usdt|usdc|google|gmail|email|mail|binance|android|iphone|code|just|only|also|already|yours?|mine|they|with|from|must"
    r"|should|needs?)(?![a-z0-9@_\-])",
)
MIXED_BUT_NO_PASSWORD = _pattern(
    "MIXED_BUT_NO_PASSWORD", "^(?:error|code|err|app|ios|android|uid|id|windows|kyc|chrome|http)"
)
# Whose password is forgotten or to be changed, they say behind it: an account, an order, a phone.
CHANGED_BEFORE = _pattern(
    "CHANGED_BEFORE",
    f"(?:{FORGOTTEN}|改|(?<![a-z])(?:change|changed|update)(?![a-z])){UP_TO_A_WORD}",
)
THING = _pattern(
    "THING",
    r"^(?:(?:order|acct|account|user|case|ticket)[#_\-]?[0-9]{4,20}"
    rf"|(?:iphone|ipad|galaxy|pixel|redmi|xiaomi|huawei|mate|oppo|vivo)[_\-]?[0-9]{{1,4}}[a-z]{{0,8}}"
    # A case's number: XH-7K3M-92QD-4F8T-5.
    rf"|[a-z]{{2,4}}(?:-[0-9a-z]{{1,6}}){{2,4}}){AT_END}",
)
# In lower case, as letters of an address are typed; those of Bitcoin, Tron, the XRP Ledger and the like, then Solana's.
ADDRESS = _pattern(
    "ADDRESS",
    rf"^(?:0x[0-9a-f]{{40}}|[0-9a-f]{{64}}|(?:bc|tb|ltc)1[0-9a-z]{{38,60}}|[13admlrt][1-9a-z]{{25,34}}|[1-9a-z]{{43,44}}){AT_END}",
)
EMAIL_HERE = _pattern("EMAIL_HERE", r"[a-z0-9._+\-]{1,40}@[a-z0-9\-]{1,40}\.[a-z]{2,10}")
LETTER_IN = _pattern("LETTER_IN", "[a-z]")
DIGIT_IN = _pattern("DIGIT_IN", "[0-9]")
UPPER_IN = _pattern("UPPER_IN", "[A-Z]")
SIGN_IN = _pattern("SIGN_IN", r"[0-9!#$%&*+<=>?@^_~{}|\\\-]")
RANGE = _pattern("RANGE", f"^[0-9]{{1,3}}[~\\-][0-9]{{1,3}}{AT_END}")
EMAIL = _pattern("EMAIL", rf"^[^@]{{1,40}}@[^@]{{1,40}}\.[a-z]{{2,10}}{AT_END}")
CLOSING = _pattern("CLOSING", r"[.,;:!?\x22')\]}>]{1,8}" + AT_END)
