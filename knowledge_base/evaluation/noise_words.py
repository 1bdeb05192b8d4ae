"""knowledge_base: words that `evaluate-disturbed` puts around a question or in the place of others."""

from __future__ import annotations

ORDER_ZH = "订单号"
"""Stands before an order number."""
OPENING_ZH = "亲，在吗"
"""How a chat begins."""
ENGLISH = {
    "订单": "order", "退款": "refund", "发货": "ship", "快递": "delivery", "地址": "address", "发票": "invoice",
    "密码": "password", "安装": "install", "保修": "warranty", "优惠券": "coupon", "会员": "VIP", "账号": "account",
    "价格": "price", "换货": "exchange", "取消": "cancel", "付款": "pay", "尺寸": "size", "颜色": "color",
}  # fmt: skip
"""English words that people drop into a Chinese sentence."""
COLLOQUIAL = {
    "怎么办": "咋整", "怎么": "咋", "为什么": "为啥", "什么时候": "啥时候", "什么": "啥", "没有": "木有",
    "货到付款": "到付", "开发票": "开票", "商品": "宝贝",
}  # fmt: skip
"""As people say it; the longest is replaced first."""
