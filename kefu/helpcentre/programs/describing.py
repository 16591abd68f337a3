"""The doors for programs in OpenAPI 3.1; the schemas are made from the shapes that are read and told."""

from __future__ import annotations

from typing import Any

import msgspec

from kefu.accounts.models import TokenScope
from kefu.helpcentre.programs.shapes import LARGEST_REVISION, ArticleWhole, Listed, Sent, Taken

READ, WRITE, PUBLISH = TokenScope.READ_ARTICLES, TokenScope.WRITE_ARTICLES, TokenScope.PUBLISH_ARTICLES
SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token of an agent, made by `kefu token add` with one or more of these scopes: "
    f"{', '.join(TokenScope)}. It goes into the Authorization header and never into an address.",
}


def paths(*, limit: Any, after: Any) -> dict[str, Any]:
    number = {
        "name": "number",
        "in": "path",
        "required": True,
        "description": "The article's number.",
        "schema": {"type": "integer", "minimum": 0, "maximum": LARGEST_REVISION},
    }
    return {
        "/api/v1/editor/articles": {
            "get": _by_token(
                "listArticlesToEdit",
                "All articles of the brand with how their texts stand, drafts and staff's own included.",
                "Listed",
                [READ],
                parameters=[limit, after],
            ),
            "put": _by_token(
                "sendArticles",
                "Create and change articles by the program's own names for them, each in several languages. Each article is "
                "taken in wholly or not at all, and the answer says which; sending the same again changes nothing.",
                "Taken",
                [WRITE],
                [WRITE, PUBLISH],
                requestBody={"required": True, "content": _json("Sent")},
                responses={
                    "413": answer("The request is too large.", "Error"),
                    "415": answer("The request is no JSON.", "Error"),
                },
            ),
        },
        "/api/v1/editor/articles/{number}": {
            "get": _by_token(
                "readArticleToEdit",
                "One article with its newest texts, in the shape in which they can be sent.",
                "ArticleWhole",
                [READ],
                parameters=[number],
                responses={"404": answer("There is none.", "Error")},
            )
        },
    }


def schemas() -> dict[str, Any]:
    _, found = msgspec.json.schema_components(
        [Sent, Taken, Listed, ArticleWhole],
        schema_hook=_choices,
        ref_template="#/components/schemas/{name}",
    )
    for schema in found.values():
        if "description" in schema:
            schema["description"] = " ".join(schema["description"].split())
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(found))
    return plain


def _choices(kind: Any) -> dict[str, Any]:
    """Of Django's enumerations."""
    return {"type": "string", "enum": list(kind.values)}


def answer(says: str, schema: str) -> dict[str, Any]:
    return {"description": says, "content": _json(schema)}


def too_many(of: str) -> dict[str, Any]:
    wait = {"description": "Seconds until it works again.", "schema": {"type": "integer", "minimum": 1}}
    return answer(f"Too many from one {of}.", "Error") | {"headers": {"Retry-After": wait}}


def _json(schema: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}


def _by_token(
    name: str, says: str, schema: str, *scopes: list[TokenScope], responses: Any = None, **more: Any
) -> dict[str, Any]:
    """`scopes` are sets of them, each of which is enough for some of what can be asked."""
    answers = {
        "200": answer("What was asked for.", schema),
        "400": answer("Something is missing or not as it should be; nothing was changed.", "Error"),
        "401": answer("There is no token, or it opens nothing.", "Error"),
        "403": answer("The token's scopes, or its agent's rights, do not reach so far.", "Error"),
        "429": too_many("token"),
    }
    security = [{"agentToken": [str(scope) for scope in some]} for some in scopes]
    return {"operationId": name, "summary": says, "security": security, **more} | {
        "responses": answers | (responses or {})
    }
