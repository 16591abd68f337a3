"""Why the adapter itself refuses a request, and the sentence that the visitor reads."""

from __future__ import annotations


class Refused(Exception):
    """The request gets this status and nobody's view runs."""

    status = 500
    says = (
        "出了点问题，请稍后再试。\n出了點問題，請稍後再試。\nSomething went wrong. Please try again later.\n"
    )
    retry_after = 0


class TooLarge(Refused):
    """The body is larger than its path allows."""

    status = 413
    says = "发送的内容太大了。\n傳送的內容太大了。\nWhat you sent is too large.\n"


class TooSlow(Refused):
    """The peer stood still for too long, or was slower in total than the least rate."""

    status = 408
    says = (
        "连接太慢，请重新发送。\n連線太慢，請重新傳送。\nThe connection was too slow. Please send it again.\n"
    )


class TooMany(Refused):
    """Too many requests wait already."""

    status = 503
    says = (
        "现在访问的人太多，请稍后再试。\n現在訪問的人太多，請稍後再試。\n"
        "Too many people are here right now. Please try again in a moment.\n"
    )
    retry_after = 2


class TooManyOfYours(Refused):
    """The client's network has its share of the places for uploads already."""

    status = 429
    says = (
        "您所在的网络正在同时发送太多内容，请稍后再试。\n您所在的網路正在同時傳送太多內容，請稍後再試。\n"
        "Your network is sending too much at once. Please try again in a moment.\n"
    )
    retry_after = 2


class NotText(Refused):
    """The content type can't be read, or names a charset in which no form can be."""

    status = 415
    says = (
        "无法识别发送内容的类型，请用 UTF-8 发送文字。\n無法辨識傳送內容的類型，請用 UTF-8 傳送文字。\n"
        "The type of what you sent can't be read. Please send text in UTF-8.\n"
    )


class ClientGone(Exception):
    """The client left before its request began; there is nobody to answer."""
