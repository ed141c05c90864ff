"""The interface's own documentation: a page of ours (no script, nothing from elsewhere) and the OpenAPI document."""

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from hangbiao.engines.api.asked import Asked
from hangbiao.engines.api.description import openapi_of
from hangbiao.engines.api.reference import problems_of, topics_of
from hangbiao.engines.api.scopes import SCOPES, scope_word


@require_safe
def docs(request: Asked) -> HttpResponse:
    """Every operation in the reader's language, with a curl line to copy."""
    document = openapi_of(import_string(settings.API))
    host = f"{request.scheme}://{request.get_host()}"
    context = {
        "topics": topics_of(document, host),
        "problems": problems_of(),
        "scopes": [(scope, scope_word(scope)) for scope in SCOPES],
        "title": document["info"]["title"],
        "said": document["info"]["description"],
        "version": document["info"]["version"],
        "here": "api",
    }
    return render(request, "api/docs.html", context)


@require_safe
def openapi(_request: Asked) -> HttpResponse:
    """The document for programs."""
    return JsonResponse(openapi_of(import_string(settings.API)), json_dumps_params={"ensure_ascii": False})
