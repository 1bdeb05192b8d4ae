"""nlu: the severity rules that hold unless config.yml gives others. Pure data.

Written from the labelling guide and the training rows only.
"""

from __future__ import annotations

DEFAULT_RULES: tuple[dict[str, object], ...] = (
    {
        "name": "injury",
        "severity": "critical",
        "words": [
            "受伤", "烫伤", "烧伤", "砸伤", "扎伤", "割伤手", "割破", "夹伤", "划伤了手", "触电", "电到", "电击", "电了一下", "被电", "麻手", "骨折",
            "流血", "出血", "住院", "医院", "急诊", "缝针", "缝了", "中毒", "昏迷", "晕倒", "过敏", "窒息", "救护车", "起水泡", "烫了个泡", "流了..血", "砸到..头", "重金属超标", "电晕", "出人命",
            "电得", "麻了一下", "一碰就麻", "骨裂", "误吞", "吞了..电池", "吞了..磁", "抢救", "全是水泡", "缝..针", "削..手指", "夹断", "卫健委",
            "injur*", "burned my", "burnt my", "burned his", "burned her", "burned me", "burnt his", "burnt her", "electric shock",
            "electrocut*", "shocked me", "got a shock", "a shock from", "stitches", "hospital", "in a&e", "emergency room", "bleeding",
            "fractur*", "broke my arm", "broken arm", "broken elbow", "broken wrist", "concussion", "ambulance", "unconscious",
            "cut my hand", "cut my finger", "cuts on", "scalded", "blister*", "poison*", "allergic reaction", "choked", "degree burn*", "broken toe", "broken finger", "knocked unconscious",
            "zapped", "a jolt off", "a jolt from", "a jolt when", "felt a current", "casing is live", "broken ankle", "broken leg", "cracked wrist", "swallowed a", "cut my foot",
        ],
        "unless": [
            "没受伤", "没有受伤", "没人受伤", "无人受伤", "医院采购", "医院用", "no one was hurt", "nobody was hurt", "nobody was injured",
            "no one was injured", "no injur*", "not injured", "hospital order", "for the hospital",
        ],
    },
    {
        "name": "fire",
        "severity": "critical",
        "words": [
            "着火", "起火", "水..插座", "插座..水", "失火", "火灾", "自燃", "烧起来", "冒烟", "冒黑烟", "冒白烟", "在冒烟", "冒火", "火花", "火星", "打火", "电火", "烧焦", "烧糊", "烧坏插",
            "糊味", "焦味", "焦糊", "烧焦味", "爆炸", "炸了", "炸开", "漏电", "带电", "短路", "熔化", "烧化", "烧熔",
            "烧出", "烧着", "烧了一片", "化了一半", "电池..鼓", "充电宝..鼓", "鼓包", "煤气味", "燃气味", "燃气泄漏", "一氧化碳",
            "on fire", "caught fire", "catch fire", "a fire", "fire in", "flames", "smoke", "smoking", "spark", "sparks", "sparked",
            "sparking", "burning smell", "burnt smell", "smell of burning", "smells of burning", "smells burnt", "burning plastic",
            "smells like burning", "explod*", "explosion", "blew up", "scorch*", "melted", "water..socket", "short circuit*", "singed", "charred",
            "battery..swollen", "battery..bulging", "swollen battery", "power bank..swollen", "in flames", "alight", "gas smell", "smell of gas", "smells of gas", "carbon monoxide",
        ],
        "unless": ["不冒烟", "没冒烟", "没有糊味", "没有冒烟", "炸了毛", "空气炸锅炸了", "烟机", "烟管", "no smoke", "fire sale", "fire stick", "smoke detector", "smoke alarm"],
    },
    {
        "name": "fraud",
        "severity": "critical",
        "words": [
            "诈骗", "欺诈", "被骗走", "骗走", "敲诈", "勒索", "盗刷", "被盗", "伪造", "冒充", "冒名", "假发票", "假公章", "洗钱", "传销", "偷了", "偷走",
            "fraud", "fraudulent", "fraudster*", "scam*", "forged", "forgery", "extort*", "blackmail*", "stolen", "stole", "theft", "impersonat*",
            "counterfeit*", "embezzl*", "phishing", "hacked", "emptied .. account", "bribe*",
        ],
        "unless": ["防诈骗", "反诈", "小偷", "stole the show", "anti-fraud", "fraud warning"],
    },
    {
        "name": "privacy",
        "severity": "critical",
        "words": [
            "信息泄露", "泄露", "泄漏我", "泄漏了我", "信息泄漏", "隐私泄漏", "资料泄漏", "卖我的信息", "卖了我的", "倒卖", "别人的订单", "别人的信息", "别人家的地址", "偷拍", "偷听", "信息卖了", "信息被卖", "陌生人的姓名",
            "data leak*", "leaked my", "leak of my", "leaking my", "my data was leaked", "data breach", "sold my", "selling my data", "my details were shared",
            "logged in as someone else", "took over my account", "someone else's account", "a stranger's order*", "a stranger's address", "other customers' data", "spied on", "spying on", "eavesdrop*",
        ],
        "unless": ["会不会泄露", "怕泄露", "防泄露"],
    },
    {
        "name": "regulator",
        "severity": "critical",
        "heeds_denial": False,
        "words": [
            "12315", "12345", "12300", "12358", "消协", "消费者协会", "消保委", "消费者权益", "市场监管", "市监", "监管局", "监管总局", "工商", "网信办", "物价局", "税务局", "税务举报",
            "质监", "质检局", "银保监", "邮政局", "邮管局", "通管局", "工信部", "信访", "黑猫",
            "consumer authorit*", "consumer association", "consumers' association", "consumer council", "consumer protection", "consumer rights", "consumer affairs", "trading standards",
            "regulator*", "ombudsman", "market supervision", "supervision bureau", "watchdog", "tax bureau", "tax office", "better business bureau",
            "data protection authority", "consumer agency", "market regulation",
        ],
        "unless": ["工商银行", "工商注册", "工商登记", "voltage regulator", "temperature regulator"],
    },
    {
        "name": "legal_threat",
        "severity": "critical",
        "heeds_denial": False,
        "words": [
            "律师", "起诉", "法院", "法庭", "立案", "已报警", "已经报警", "我报警", "去报警", "要报警", "就报警", "选择报警", "报警处理", "报警了", "报了警", "派出所", "公安", "警察", "警方", "网警", "经侦", "仲裁", "诉讼", "走法律", "法律程序", "法律途径", "法律手段", "告你们", "告到",
            "打官司", "强制执行", "judge", "lawyer*", "attorney*", "solicitor*", "in court", "to court", "court", "sue", "suing", "sued", "legal action",
            "legal proceedings", "legal advice", "police", "small claims", "lawsuit", "litigation", "arbitration", "chargeback .. police", "press charges", "legal department", "threats", "threatening me",
        ],
        "unless": ["法院采购", "给法院", "tennis court", "basketball court", "food court", "court order for", "court house delivery"],
    },
    {
        "name": "media",
        "severity": "critical",
        "heeds_denial": False,
        "words": [
            "记者", "媒体", "曝光", "电视台", "上电视", "上新闻", "新闻热线", "报社", "微博", "抖音", "小红书", "b站", "快手", "知乎", "热搜", "朋友圈都", "315晚会", "3.15", "3·15", "发到网上", "发网上", "挂网上", "挂到网上",
            "直播曝", "全网",
            "journalist*", "the press", "to press", "newspaper*", "reporter*", "tv station", "tv crew", "go viral", "going viral", "viral", "expose you", "exposing you",
            "tiktok", "weibo", "xiaohongshu", "douyin", "youtube", "instagram", "twitter", "facebook", "reddit", "social media", "followers", "magazine", "the news", "podcast",
        ],
        "unless": ["抖音店", "抖音买", "抖音下单", "抖音直播间买", "小红书种草", "小红书看到", "youtube app", "youtube on", "open youtube", "youtube doesn*", "youtube won*", "watch youtube", "多媒体", "流媒体", "媒体播放"],
    },
    {
        "name": "minors",
        "severity": "critical",
        "words": [
            "未成年", "儿童色情", "色情", "孩子..烫", "孩子..夹", "孩子..割", "孩子..噎", "孩子..触", "孩子..伤", "宝宝..烫", "宝宝..伤", "女儿..伤", "儿子..伤", "女儿..烫", "儿子..烫",
            "underage", "minors", "adult content", "porn*", "my son..hurt", "my daughter..hurt", "my child..hurt", "my kid..hurt", "child..burn*", "daughter..burn*",
            "son..burn*", "toddler..hurt", "toddler..burn*", "toddler..shock*", "year old..burn*", "year old..hurt", "year-old..hurt", "inappropriate..child*",
        ],
        "unless": [],
    },
    {
        "name": "self_harm",
        "severity": "critical",
        "heeds_denial": False,
        "words": [
            "不想活", "死了算了", "跳下去", "站在桥上", "站在楼顶", "站在阳台上", "自杀", "想死", "去死算", "寻死", "跳楼", "轻生", "活不下去", "活着没意思", "结束生命", "结束自己", "了断",
            "kill myself", "suicid*", "end my life", "end it all", "ending it all", "end it tonight", "want to die", "wanna die", "don't want to live", "dont want to live",
            "not want to live", "don't want to be here", "dont want to be here", "don't want to wake up", "not be here anymore", "better off dead", "no reason to live", "hurt myself", "pills here", "standing on the roof", "jump off",
        ],
        "unless": [],
    },
)  # fmt: skip
