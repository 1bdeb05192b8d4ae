"""cases: which product a text is about, by what customers call it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from cases.refusals import UnknownProduct
from cases.settings.after_sales import AfterSalesSettings, Product


def product_in(text: str, products: Iterable[Product]) -> str:
    """Name of the product that `text` speaks of; empty where it names none, or more than one."""
    plain = text.casefold()
    found = {each.name for each in products if any(_pattern(word).search(plain) for word in each.called())}
    return found.pop() if len(found) == 1 else ""


def check_product(name: str, settings: AfterSalesSettings) -> str:
    """`name`, if it is one of the settings' products or empty. Raises UnknownProduct."""
    if name and name not in {each.name for each in settings.products}:
        raise UnknownProduct(field="product")
    return name


@cache
def _pattern(word: str) -> re.Pattern[str]:
    """Latin words stand by themselves (with an s at most), Chinese ones anywhere."""
    plain = re.escape(word.casefold())
    return re.compile(rf"(?<![a-z]){plain}(?:e?s)?(?![a-z])" if word.isascii() else plain)
