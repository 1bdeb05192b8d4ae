"""nlu: does the customer ask for a human being? Pure.

Three ways: the whole message is one of the usual phrases; the message holds an unmistakable request; the intent says so
with confidence. "不要转人工", "人工费多少" and "agent orange" are no requests.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlu.contracts import Scored
from nlu.normalise import fold
from nlu.starter_content import form_words

INTENT = "talk_to_person"
SURE = 0.6

_POLITE = re.compile(
    r"^(?:你好|您好|喂|嗨|hi|hello|hey|请|麻烦|那|那就|please|pls|can i|could i|i want to|i want|i need to|i need|i'd like to|let me|"
    r"ok|就|我要|我想|给我|帮我|快|赶紧|直接|just)[\s,,。.!?:]*"
)
_TAIL = re.compile(
    r"[\s,,。.!?~:]*(?:谢谢|吧|啊|呀|了|吗|呢|行吗|可以吗|好吗|please|pls|plz|now|thanks|thank you|asap)?[\s,,。.!?~]*$"
)
_REFUSES = re.compile(
    r"(?:不要|不用|不想|不需要|不必|别|无需|先不|暂时不|没必要)(?:再|给我|帮我)?(?:转|找|接|换|叫|和|跟)?(?:人工|真人|客服)"
    r"|(?:don'?t|do not|no need|rather not|not)(?: \w+){0,4} (?:human|person|agent|representative|operator|someone)"
)
_BOT_REFUSED = re.compile(r"(?:不要|不想|别|不跟|不和)[^,。!?]{0,6}机器人")
_ASKS_ZH = re.compile(
    r"(?:转|接|找|叫|换|喊|派|联系|呼叫|连线?)(?:一?下|一?个|一?位|到|给|你们的?|上)?(?:活人|真人|人工|客服|专员|坐席|经理|主管|负责人|领导|店长)(?!费|智能|成本|投诉的?电话)"
    r"|(?<!不)要(?:一?个)?(?:真人|活人|人工)(?!费|智能|成本)"
    r"|(?:要|想|让我|给我|能不能|可以|可不可以|我)[^,。!?]{0,6}(?:跟|和|与|找)(?:一?个)?(?:真人|人工|活人|客服)(?:说|聊|讲|谈|沟通|对话)?"
    r"|(?:有没有|有)(?:活人|真人|人工)(?:客服|吗|么|啊|在|没|$)|人工客服(?:在吗|呢|在哪|$)|人工(?:呢|在吗|在哪)|不是机器人的"
)
_ASKS_EN = re.compile(
    r"\b(?:talk|speak|chat|connect(?: me)?|transfer(?: me)?|put me through|hand me over|pass me|get me|give me|switch me|want|need|"
    r"find me|call)\b(?: \w+){0,2}? (?:to |with |over to )?(?:an? |the |your |some )?(?:\w+ )?"
    r"(?:human|humans|person|agent|representative|rep|operator|manager|supervisor|someone real|real people|human being|staff member|"
    r"advisor|adviser|customer service(?: rep| agent| person)?)(?= |$|[.,!?])(?! (?:orange|smith|fee|id|code|discount|portal|login))"
    r"|\b(?:talk|speak|chat) (?:to|with) (?:someone|somebody|a human|a person|people)\b"
    r"|\b(?:is there|any) (?:an? )?(?:actual |real |live )?(?:human|person|agent)s?\b"
)
_QUESTION_ABOUT = re.compile(
    r"人工(?:费|智能|服务费|成本|安装费)|几点(?:有|上班)|电话(?:是)?多少|营业时间|上班时间|hours|phone number"
)


def wants_person(text: str, ranking: Sequence[Scored]) -> bool:
    """Whether `text` (as typed) asks for a person; `ranking` is the intents' word on it."""
    folded = fold(text)
    if _REFUSES.search(folded) and not _BOT_REFUSED.search(folded):
        return False
    if _is_phrase(folded):
        return True
    if _QUESTION_ABOUT.search(folded):
        return False
    if _ASKS_ZH.search(folded) or _ASKS_EN.search(folded):
        return True
    return bool(ranking) and ranking[0].name == INTENT and ranking[0].confidence >= SURE


def _is_phrase(folded: str) -> bool:
    """Whether the message is one of the usual phrases, politeness around it aside."""
    words = form_words().person
    rest = folded
    for _ in range(4):
        if rest in words or rest.replace(" ", "") in words:
            return True
        shorter = _TAIL.sub("", rest)
        if shorter in words:
            return True
        opened = _POLITE.sub("", rest, count=1)
        if opened == rest:
            rest = shorter if shorter != rest else rest
            break
        rest = opened
    return rest in words
