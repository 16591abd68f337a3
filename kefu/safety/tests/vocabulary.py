"""Every word that the guard's patterns know, in a sentence that turns on it, and what is left of that sentence."""

from __future__ import annotations

from collections.abc import Iterator

HEX = "9f3c7a20b1d94e6f8a7c5e3d1b0f2a4c6e8d0b2f4a6c8e0d2b4f6a8c0e2d4b6f"
KEY, PEM, PHRASE = "⟦secret:private_key⟧", "⟦secret:pem⟧", "⟦secret:mnemonic⟧"
CODE, PASSWORD = "⟦secret:code⟧", "⟦secret:password⟧"

KEYS = "私钥 私匙 密钥 金钥 private-key secret_key priv.key prv_key privatekey"
TRANSACTIONS = (
    "哈希 杂凑 交易号 交易单号 交易id 交易记录 流水 公钥 txid txhash public-key tx hash transaction"
)
PLACES = "区块 合约 地址 block contract address"
BEFORE_A_PLACE = "我的 这个 该 my the its sui aptos near starknet 充值 充币 提现 提币 合约 钱包"
PHRASES = (
    "助记词 注记词 恢复词 恢复短语 复原短语 种子词 种子短语 seed mnemonic recovery_phrase recovery_words"
    " secret_phrase backup_phrase"
)
COUNTING = (
    "第个词单字号位条一二三四五六七八九十〇零两㈠㈩㊀㊉"
    "这那前后中间上下左右边面半段行组批首末尾余剩其另外的和与跟及并还有以再又然接着到"
)
COUNTED = "这是 那是 以下是 个是 词是 单是 字是 号是 位是 条为 组为 行分别是 个分别为"
NUMBERINGS = "no.7 no_7 a) z. b: c、 iv. xviii) 1st 2nd 3rd 24th Ⅷ ⅷ"
CODES = (
    "验证码 校验码 动态码 动态口令 动态密码 一次性密码 一次性代码 短信码 简讯码 安全码 确认码 授权码"
    " 谷歌码 谷歌验证 身份验证器 验证器 2fa otp totp passcode one-time_password one_time_code"
    " one_time_pin code codes authenticator"
)
CAMEL_CODES = (
    "verify verification valid validate validation check confirm confirmation captcha dynamic sms email mail phone mobile"
    " google totp otp 2fa mfa tfa twoFactor auth authentication authenticator login signin access security ga pin v"
    " emailVerify"
)
CAMEL_NUMBERS = "error ret status sub resp result country invite area product invalid lega rev"
ENGLISH_OTHERS = (
    "error status http country promo postal post zip area"
    " referral invite invitation bank swift sort exit qr source reason response product discount coupon"
    " gift branch dialling dialing"
)
OTHER_CODES = f"错误 报错 状态 邮政 国家 邀请 推荐 优惠 {ENGLISH_OTHERS}"
OTHER_BARE_CODES = (
    "api_says api_gives api_result api_error: api_response:"
    " 返回 返回的 接口 兑换 红包 礼品 备注 api err ret return returns returned redeem redemption gift_card voucher packet"
    " memo"
)
ANSWERS = "msg message success reason desc errmsg"
REASONS = (
    "下单 余额 保证金 仓位 持仓 杠杆 参数 签名 请求 时间戳 接口 下單 餘額 保證金 倉位 槓桿 參數 簽名 請求 時間戳"
    " order_failed order_placement order_size order_price order_count order_does insufficient balance margin position"
    " leverage instrument symbol parameter parameters timestamp signature request requests api_key invalid_sign"
    " invalid_signature invalid_api invalid_ip invalid_parameter invalid_parameters invalid_symbol invalid_request"
    " invalid_order invalid_timestamp"
)
DENIALS = "收不到 未收到 没收 没有 没来 不收 no not never without missing didn't"
SAID_TO_BE = "是 就是 为 is was : ="
JOINED_BY = "或 或者 和 及 还有 跟 以及 or and then , ， 、 / |"
NUMBERS = (
    "订单 单号 编号 流水 用户 金额 数额 日期 账户 账号 问题 错误 报错 尾号 手机 电话 充值 充了 充币 提现"
    " 提币 提了 提领 转了 转账 余额 版本 工单 地址 $ ¥ € £ # uid id order amount date account error phone"
    " ticket case version after within usdt usdc btc eth usd"
)
UNITS = (
    "分钟 小时 秒 天 元 块 个 次 位 条 年 月 日 号 点 时 分 万 美元 刀 usdt usdc btc eth usd cny twd eur"
    " min mins minute minutes sec secs second seconds hour hours day days time times attempts digit"
    " digits character characters people users"
)
OWNED = "uid id 号 订单 单号 账号 手机 order account"
ABOUT_A_CODE = (
    "my your the our this a an new old latest last first second current correct right only one-time one_time six-digit"
    " 4-digit 6_digit 8-digit sms text email e-mail mail mobile google verification verify confirmation security log_in login"
    " sign-in sign_in access authentication auth 2fa two-factor otp temporary withdrawal"
)
NO_NAMES = (
    "uid id order amount date account error phone ticket case version no not never without missing for on in at under to of"
    " off with awaiting locked"
)
WHOSE = "我 你 您 的 这 个 刚 收到 短信 手机 邮箱 邮件 登录 谷歌 星海"
CONNECTIONS = "就是 是 为 设置为 设为 设成 设置成 改为 改成 改成了 换成 换成了 : ="
PASSWORDS = "password passwd pwd passphrase pin"
FUND_PASSWORDS = (
    "pin_number 登录密码 登入密码 登陆密码 邮箱密码 资金密码 交易密码 支付密码 提现密码 提币密码 提领密码 pin pin码"
    " login_password email_password mail_password fund_password funds_password trade_password trading_password"
    " payment_password withdraw_password withdrawal_password login_passwd login_pwd"
)
FORGOTTEN = "忘记 忘了 忘 重置 重设 找回 forgot forgotten forget lost reset recover"
CHANGED = f"{FORGOTTEN} 修改 更改 改 change changed update"
THINGS = "order acct account user case ticket iphone ipad galaxy pixel redmi xiaomi huawei mate oppo vivo"
ACCOUNTS = "账号 账户 邮箱 用户名 手机号 account username user email"
NO_PASSWORDS = (
    "wrong incorrect not reset resets resetting required error errors forgot forgotten change changed"
    " failed link expired invalid correct lost being still too very same different weak strong strength"
    " empty blank unknown missing please cannot can't never always none null true false hidden secret"
    " secure safe here there this that what when where fine okay good locked blocked disabled protected"
    " rejected accepted working hacked stolen leaked compromised removed saved rule rules policy usdt"
    " usdc google gmail email mail binance android iphone code just only also already your yours mine"
    " they with from must should need needs"
)
MIXED = "code err app ios android uid id windows kyc chrome http"


def sentences() -> Iterator[tuple[str, str]]:
    """(what somebody typed, what is kept of it)."""
    yield from _keys()
    yield from _phrases()
    yield from _pem()
    yield from _codes()
    yield from _camel_codes()
    yield from _said_codes()
    yield from _codes_below()
    yield from _no_codes()
    yield from _reasons()
    yield from _other_numbers()
    yield from _passwords()
    yield from _no_passwords()


def _keys() -> Iterator[tuple[str, str]]:
    for word in _words(KEYS):
        yield f"{word} {HEX}", f"{word} {KEY}"
    for word in _words(TRANSACTIONS):
        yield _kept(f"私钥不对，{word} {HEX}")
    for word in _words(PLACES):
        yield _kept(f"私钥不对，{word} {HEX}")
        yield f"私钥和{word} {HEX}", f"私钥和{word} {KEY}"
    for word in _words(KEYS):
        yield f"地址 {HEX} ({word})", f"地址 {KEY} ({word})"
    for word in _words(BEFORE_A_PLACE):
        yield _kept(f"私钥不对，{word}地址 {HEX}")
    for said in ("是", "为", ":", " is "):
        yield _kept(f"私钥不对，地址{said}{HEX}")


def _phrases() -> Iterator[tuple[str, str]]:
    for word in _words(PHRASES):
        yield f"{word}是 legal winner thank year 谢谢", f"{word}是 {PHRASE} 谢谢"
    for character in COUNTING:
        yield f"legal winner thank year{character}wave sausage worth useful", PHRASE
    for said in _words(COUNTED):
        yield f"legal winner thank year 第{said}wave sausage worth useful", PHRASE
    for number in _words(NUMBERINGS):
        yield f"legal winner thank year {number} wave sausage worth useful", PHRASE
        yield f" {number} ".join(_words("legal winner thank year wave sausage worth useful")), PHRASE


def _pem() -> Iterator[tuple[str, str]]:
    """Blocks that were copied without their end."""
    line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"
    for fold in ("\n", "\\n", "\\r\\n", "\\r"):
        lines = fold.join([line, line, "MzEfYyjiWA4R4=="])
        yield f"-----BEGIN PRIVATE KEY-----{fold}{lines} 谢谢", f"{PEM} 谢谢"


def _codes() -> Iterator[tuple[str, str]]:
    for word in _words(CODES):
        yield f"{word} 123456", f"{word} {CODE}"
    for said in _words(SAID_TO_BE):
        yield f"没有用的验证码{said} 88421357", f"没有用的验证码{said} {CODE}"
    for joined in _words(JOINED_BY):
        yield f"验证码 123456 {joined} 654321", f"验证码 {CODE} {joined} {CODE}"
    for digits in ("1234", "12345678", "123 456", "123-456", "1 2 3 4 5 6", "123\u3000456", "１２３４５６"):
        yield f"验证码 {digits}", f"验证码 {CODE}"


def _camel_codes() -> Iterator[tuple[str, str]]:
    for word in _words(CAMEL_CODES):
        yield f"{word}Code: 123456", f"{word}Code: {CODE}"
    for word in _words(CAMEL_NUMBERS):
        yield _kept(f"{word}Code: 123456")
    yield "smsCodes 123456", f"smsCodes {CODE}"
    yield _kept("verifyCodec 123456")


def _said_codes() -> Iterator[tuple[str, str]]:
    for whose in _words(WHOSE):
        yield f"123456是{whose}验证码", f"{CODE}是{whose}验证码"
    for said in ("是", "就是", "为", "="):
        yield f"123456{said}验证码", f"{CODE}{said}验证码"
    for said in ("is", "is my new sms", "was the"):
        yield f"123456 {said} code", f"{CODE} {said} code"
    for word in _words(ABOUT_A_CODE):
        yield f"123456 is {word} Xinghai code", f"{CODE} is {word} Xinghai code"
        yield f"123456 is Xinghai {word} code", f"{CODE} is Xinghai {word} code"
    for word in _words(CODES):
        yield f"123456({word})", f"{CODE}({word})"
    yield "123456（验证码）", f"{CODE}（验证码）"
    for denial in _words("没来 不来 未到 never not isn't"):
        yield _kept(f"123456（验证码 {denial}）")
    yield "123456是谷歌的验证码", f"{CODE}是谷歌的验证码"
    yield "123456是我的 验证码", f"{CODE}是我的 验证码"


def _codes_below() -> Iterator[tuple[str, str]]:
    for said in _words(SAID_TO_BE):
        yield f"验证码 {said}\n123456", f"验证码 {said}\n{CODE}"
    for said in _words("这是我的 我的 my this_is_my my_sms my_email my_google my_login my_verification"):
        yield f"{said} code\n123456", f"{said} code\n{CODE}"
    for whose in _words("短信 手机 邮箱 邮件 登录 谷歌 星海"):
        yield f"我的{whose}验证码\n123456", f"我的{whose}验证码\n{CODE}"


def _no_codes() -> Iterator[tuple[str, str]]:
    for word in _words(OTHER_CODES):
        yield _kept(f"{word} code 123456")
    for word in _words(f"{ENGLISH_OTHERS} {NO_NAMES}"):
        yield _kept(f"123456 is the {word} code")
    for word in _words(OTHER_BARE_CODES):
        yield _kept(f"{word} code 123456")
        yield f"{word} otp 123456", f"{word} otp {CODE}"
    for name in _words(ANSWERS):
        yield _kept(f'{{"code":"123456", "{name}" :"a"}}')
        yield _kept(f"{{'{name}':1,'code' : 123456}}")
    for denial in _words(DENIALS):
        yield _kept(f"{denial} code, 88421357")
    for denial in ("没收到", "没有收到"):
        yield _kept(f"{denial}{'啊' * 14}验证码, 88421357")
    for date in ("19990105", "20261231", "20260917"):
        yield _kept(f"验证码 {date}")
    for number in (
        "123",
        "13812345678",
        "1234%",
        "1234abc",
        "1234.5",
        "1234:56",
        "1234/5",
        "1234-5",
        "1234 5678 9012",
    ):
        yield _kept(f"验证码 {number}")
    for end in ("\n", "\u2028", "\u0085", "。"):
        yield _kept(f"验证码{end}关于 88421357")


def _reasons() -> Iterator[tuple[str, str]]:
    """What a program says behind its number of five digits."""
    for reason in _words(REASONS):
        yield _kept(f"code 51008 ({reason} …)")
        yield f"code 510089 ({reason} …)", f"code {CODE} ({reason} …)"
    for opening in _words("( （ [ : - – — --"):
        yield _kept(f"code=51008{opening} Balance")
        yield _kept(f"code=51008 {opening}balance")
    for name in _words("msg smsg message reason desc"):
        yield _kept(f"code 51008, {name} = a")
        yield _kept(f"code: 51008；{name}: a")
        yield f"code: 51008, {name} me", f"code: {CODE}, {name} me"
    yield "code 51008 balance", f"code {CODE} balance"
    yield "code 51008 (requested today)", f"code {CODE} (requested today)"


def _other_numbers() -> Iterator[tuple[str, str]]:
    for word in _words(NUMBERS):
        yield _kept(f"验证码 {word} 88421357")
    for unit in _words(UNITS):
        yield _kept(f"验证码 1234 {unit}")
        yield f"验证码 123456 或 1234 {unit}", f"验证码 {CODE} 或 1234 {unit}"
    for owned in _words(OWNED):
        for link in ("这个", "就是", "是", "为", "is", "是我的", "is my ", "is the "):
            yield _kept(f"验证码 123456 {link}{owned}")


def _passwords() -> Iterator[tuple[str, str]]:
    for connection in _words(CONNECTIONS):
        yield f"密码{connection}Hunter2", f"密码{connection}{PASSWORD}"
        yield f"口令{connection}Hunter2", f"口令{connection}{PASSWORD}"
    for word in _words(PASSWORDS):
        for said in (":", "=", " is", " was", " is:"):
            yield f"{word}{said} Hunter2", f"{word}{said} {PASSWORD}"
    for word in ("密码", "口令", "password", "passwd", "pwd"):
        yield f"{word} hunter2x", f"{word} {PASSWORD}"
    for word in _words(FUND_PASSWORDS):
        yield f"{word} 135790", f"{word} {PASSWORD}"
        yield _kept(f"{word} 135790 是我的uid")
    for said in ("是", "为", ":", "=", " is ", " was "):
        yield f"pin码{said}135790", f"pin码{said}{PASSWORD}"
    for word in _words(ACCOUNTS):
        yield f"{word}和密码: 13812345678, hunter2x", f"{word}和密码: {PASSWORD}"
        yield f"{word} and password: somebody / hunter2x", f"{word} and password: {PASSWORD}"


def _no_passwords() -> Iterator[tuple[str, str]]:
    for word in _words(NO_PASSWORDS):
        yield _kept(f"password: {word};123")
    for again in ("密码", "password"):
        yield f"账号密码: 13812345678, {again}: hunter2x", f"账号密码: {PASSWORD}"
    for word in _words(FORGOTTEN):
        yield _kept(f"{word}资金密码 135790")
        yield _kept(f"{word} my pin 135790")
        yield _kept(f"{word}登录密码 88421357")
    for word in _words(CHANGED):
        yield _kept(f"{word}密码 order-12345")
        yield _kept(f"{word} my password order-12345")
        yield f"{word}密码 hunter2x", f"{word}密码 {PASSWORD}"
    for thing in _words(THINGS):
        yield _kept(f"忘记密码 {thing}8842")
        yield f"密码 {thing}8842", f"密码 {PASSWORD}"
    for length in ("6-20", "8~16"):
        yield _kept(f"密码: {length}")
    for start in ("http://", "https://", "www."):
        yield _kept(f"password: {start}kefu.example/reset1")
    for word in _words(MIXED):
        yield _kept(f"密码 {word}_v123")


def _kept(text: str) -> tuple[str, str]:
    return text, text


def _words(listed: str) -> list[str]:
    """Words between spaces; an underscore stands for a space in a word."""
    return [word.replace("_", " ") for word in listed.split()]
