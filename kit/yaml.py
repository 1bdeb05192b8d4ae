"""kit: reads YAML without its traps: a key that stands twice is refused, and on request every value is a text."""

from __future__ import annotations

from typing import Any

import yaml


def load_yaml(text: str, *, texts_only: bool = False) -> Any:
    """The value of one YAML document; None when it is empty.

    With `texts_only` nothing is read as number, date or yes/no. Raises `yaml.YAMLError` with line and column.
    """
    return yaml.load(text, Loader=_Texts if texts_only else _Values)  # noqa: S506 - both derive from safe loaders


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node)
        if isinstance(key, str) and key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key} stands twice", key_node.start_mark)
        seen.add(key if isinstance(key, str) else id(key_node))
    found: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    return found


class _Values(yaml.SafeLoader):
    """YAML's usual values."""


class _Texts(yaml.BaseLoader):
    """Every scalar a text."""


for _loader in (_Values, _Texts):
    _loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
