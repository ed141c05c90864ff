"""The OpenAPI document: what ninja knows, completed by what every operation may answer."""

import json
from typing import Any

from django.conf import settings
from ninja import NinjaAPI
from ninja.responses import NinjaJSONEncoder

from hangbiao.engines.api.access import KeyOrSession
from hangbiao.engines.api.problems import MEDIA_TYPE, Problem, title_of

PROBLEMS = (401, 403, 404, 422, 429)
SCHEME, SESSION = "Key", "Session"
REF = "#/components/schemas/{model}"


def openapi_of(api: NinjaAPI) -> dict[str, Any]:
    """The document in the language of this moment, as plain JSON values."""
    scopes = _scopes(api)
    raw = _plain(api.get_openapi_schema())
    for methods in raw["paths"].values():
        for operation in methods.values():
            _complete(operation, scopes)
    shapes = _plain(Problem.model_json_schema(ref_template=REF))
    found = raw["components"].setdefault("schemas", {})
    found |= {**shapes.pop("$defs", {}), "Problem": shapes}
    raw["components"]["securitySchemes"] = {
        SCHEME: {"type": "http", "scheme": "bearer", "description": KeyOrSession.openapi_description},
        SESSION: {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
    }
    return raw


def _plain(value: Any) -> dict[str, Any]:
    """Sentences that wait for their language are texts from here on."""
    plain: dict[str, Any] = json.loads(json.dumps(value, cls=NinjaJSONEncoder))
    return plain


def _complete(operation: dict[str, Any], scopes: dict[str, str]) -> None:
    scope = scopes[operation["operationId"]]
    operation["security"] = [{SCHEME: [scope] if scope else []}, {SESSION: []}]
    also = (400,) if "requestBody" in operation else ()
    for status in sorted((*PROBLEMS, *also)):
        said = {"schema": {"$ref": REF.format(model="Problem")}}
        answer = {"description": title_of(status), "content": {MEDIA_TYPE: said}}
        if status == 429:  # noqa: PLR2004 - the only status that names a time
            retry = {"schema": {"type": "integer"}, "description": "seconds"}
            answer["headers"] = {"Retry-After": retry}
        operation["responses"].setdefault(str(status), answer)


def _scopes(api: NinjaAPI) -> dict[str, str]:
    """Operation id → the scope it needs."""
    found = {}
    for router in api._get_bound_routers():
        for view in router.path_operations.values():
            for operation in view.operations:
                guard = next((a for a in operation.auth_callbacks if isinstance(a, KeyOrSession)), None)
                name = operation.operation_id or api.get_openapi_operation_id(operation)
                found[name] = guard.scope if guard else ""
    return found
