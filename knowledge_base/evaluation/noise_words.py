"""knowledge_base: words that `evaluate-disturbed` puts around a question."""

from __future__ import annotations

ORDER_ZH = "订单号"
"""Stands before an order number."""
