"""What the API offers so far, in OpenAPI 3.1; its tests hold every answer against it."""

from __future__ import annotations

from typing import Any

from kefu.helpcentre.programs import describing as programs
from kefu.helpcentre.programs.describing import answer, too_many
from kefu.ui.languages import HTML_LANG

TEXT, DATE, MOMENT = (
    {"type": "string"},
    {"type": ["string", "null"], "format": "date"},
    {"type": "string", "format": "date-time"},
)
# What browsers send for our languages, their scripts and regions.
LANGUAGE_TAG = "^([zZ][hH]|[eE][nN])(-[A-Za-z0-9]{1,8}){0,3}$"
WHOLE = {"type": "integer", "minimum": 0}
CODES = [
    "bad_number",
    "bad_request",
    "malformed",
    "method_not_allowed",
    "not_found",
    "not_json",
    "query_missing",
    "query_too_long",
    "refused",
    "scope_missing",
    "token_in_address",
    "token_missing",
    "token_unknown",
    "too_large",
    "too_many",
    "unknown_language",
]
IN_SHORT = {
    "slug": TEXT,
    "number": WHOLE,
    "language": {"type": "string", "enum": list(HTML_LANG)},
    "title": TEXT,
    "summary": TEXT,
    "category": {"$ref": "#/components/schemas/Category"},
    "url": {"type": "string", "format": "uri"},
    "minutes": WHOLE | {"description": "Minutes that it takes to read."},
    "updated_at": MOMENT,
    "reviewed_on": DATE | {"description": "When its owner last said that it is still right."},
}
WHOLE_ARTICLE = IN_SHORT | {
    "languages": {"type": "array", "items": TEXT, "description": "Languages that it is there in."},
    "synonyms": {"type": "array", "items": TEXT, "description": "Other words in which people say it."},
    "html": TEXT,
    "text": TEXT,
}
SEGMENT = {"text": TEXT, "match": {"type": "boolean", "description": "Whether this part was looked for."}}
FOUND = IN_SHORT | {"snippet": {"type": "array", "items": {"$ref": "#/components/schemas/Segment"}}}


def document(origin: str) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kefu",
            "version": "1",
            "description": "Reading and searching the help centre, for everybody: answers have an ETag; send it in "
            "If-None-Match. Reading and writing as its editors do, by a token of an agent. Version 1 only adds.",
        },
        "servers": [{"url": origin}],
        "paths": {
            "/api/v1/articles": {
                "get": _get(
                    "listArticles",
                    "Every public article in one language, by its number.",
                    "Articles",
                    [_lang(), _limit(50, 100), _after()],
                )
            },
            "/api/v1/articles/{slug}": {
                "get": _get("readArticle", "One article whole.", "Article", [_slug(), _lang()], missing=True)
            },
            "/api/v1/search": {
                "get": _get(
                    "searchArticles",
                    "The best articles for some words, in the language asked for first.",
                    "Found",
                    [_query(), _lang(), _limit(10, 30)],
                )
            },
            **programs.paths(limit=_limit(50, 100), after=_after()),
        },
        "components": {
            "schemas": _schemas() | programs.schemas(),
            "securitySchemes": {"agentToken": programs.SCHEME},
        },
    }


def _schemas() -> dict[str, Any]:
    return {
        "Category": _object({"key": TEXT, "name": TEXT}),
        "ArticleInShort": _object(IN_SHORT),
        "Article": _object(WHOLE_ARTICLE),
        "Articles": _object(
            {
                "articles": {
                    "type": "array",
                    "items": {"$ref": "#/components/schemas/ArticleInShort"},
                },
                "next": {"type": ["string", "null"], "description": "The address of the next page."},
            }
        ),
        "Segment": _object(SEGMENT),
        "FoundArticle": _object(FOUND),
        "Found": _object(
            {
                "query": TEXT,
                "results": {"type": "array", "items": {"$ref": "#/components/schemas/FoundArticle"}},
            }
        ),
        "Error": _object({"error": _object({"code": {"type": "string", "enum": CODES}, "message": TEXT})}),
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _get(
    name: str,
    says: str,
    schema: str,
    parameters: list[dict[str, Any]],
    *,
    missing: bool = False,
) -> dict[str, Any]:
    answers = {
        "200": answer("What was asked for.", schema),
        "304": {"description": "What the caller has still holds."},
        "400": answer("A parameter is missing or not as it should be.", "Error"),
        "429": too_many("address"),
    }
    if missing:
        answers["404"] = answer("There is none.", "Error")
    return {"operationId": name, "summary": says, "parameters": parameters, "responses": answers}


def _parameter(
    name: str, schema: dict[str, Any], says: str, *, place: str = "query", required: bool = False
) -> Any:
    return {"name": name, "in": place, "required": required, "description": says, "schema": schema}


def _lang() -> Any:
    says = (
        "The language as a BCP 47 tag, such as zh-CN or en-GB; the answer is in ours for it. The brand's first one if it is"
        " not said."
    )
    return _parameter("lang", {"type": "string", "pattern": LANGUAGE_TAG}, says)


def _limit(usual: int, most: int) -> Any:
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": usual}
    return _parameter("limit", schema, "How many at most.")


def _after() -> Any:
    return _parameter(
        "after", WHOLE | {"maximum": 999_999_999}, "The number of the last article that the caller has."
    )


def _slug() -> Any:
    return _parameter(
        "slug", {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"}, "Its address.", place="path", required=True
    )


def _query() -> Any:
    return _parameter(
        "q", {"type": "string", "minLength": 1, "maxLength": 200}, "What is looked for.", required=True
    )
