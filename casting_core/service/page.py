"""The schema as a page that loads nothing and runs nothing."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;"
    "border-bottom:1px solid #8884}code{font-size:.95em}"
)

BOUNDS = {"minimum": "at least", "maximum": "at most", "pattern": "as", "format": "as"}


def page(schema: Mapping[str, Any]) -> str:
    """The OpenAPI document as HTML: every path with what it takes and answers, then every value."""
    about = schema["info"]
    title = escape(f"{about['title']} {about['version']}")
    body = "".join((*_paths(schema["paths"]), *_values(schema["components"]["schemas"])))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body><h1>{title}</h1>'
        f'<p>{escape(about["description"])}</p><p>For machines: <a href="/openapi.json">/openapi.json</a></p>'
        f"{body}</body></html>"
    )


def _paths(paths: Mapping[str, Any]) -> Iterator[str]:
    for path, methods in paths.items():
        for method, one in methods.items():
            yield f"<h2><code>{escape(method.upper())} {escape(path)}</code></h2><p>{escape(one['description'])}</p>"
            if given := one.get("parameters"):
                rows = [(f"{each['name']}{' (needed)' * each['required']}", _meaning(each)) for each in given]
                yield _table("Parameter", rows)
            if "requestBody" in one:
                yield f"<p>Body: {escape(', '.join(one['requestBody']['content']))}</p>"
            yield _table("Status", [(code, each["description"]) for code, each in one["responses"].items()])


def _values(schemas: Mapping[str, Any]) -> Iterator[str]:
    for name, one in schemas.items():
        yield f"<h2>{escape(name)}</h2><p>{escape(one.get('description', ''))}</p>"
        if properties := one.get("properties"):
            yield _table("Field", [(field, _meaning(told)) for field, told in properties.items()])


def _meaning(told: Mapping[str, Any]) -> str:
    schema = told.get("schema", told)
    kinds = schema.get("anyOf", [schema])
    types = [str(one.get("type") or one.get("$ref", "").rpartition("/")[2]) for one in kinds]
    bounds = [f"{word} {one[key]}" for one in kinds for key, word in BOUNDS.items() if key in one]
    return f"{told.get('description', '')} ({', '.join((' or '.join(types), *bounds))})".strip()


def _table(head: str, rows: list[tuple[str, str]]) -> str:
    cells = "".join(f"<tr><td><code>{escape(name)}</code></td><td>{escape(text)}</td></tr>" for name, text in rows)
    return f"<table><tr><th>{head}</th><th>Meaning</th></tr>{cells}</table>"
