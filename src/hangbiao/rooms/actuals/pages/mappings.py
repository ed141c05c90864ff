"""The mappings there are, and each in full."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from hangbiao.engines.accounts.selectors import names_of_actors
from hangbiao.rooms.actuals import preview, wording
from hangbiao.rooms.actuals.pages.gate import Seen, for_administrators, shown


@require_safe
@for_administrators
def mappings(request: Seen) -> HttpResponse:
    """Every mapping in its present state."""
    offered = preview.offered_mappings()
    names = names_of_actors({kept.saved_by for kept, _m in offered})
    rows = [
        {
            "pk": kept.pk, "title": mapping.title or kept.code, "stream": wording.stream(mapping.stream),
            "files": mapping.files, "digest": kept.digest[:12], "who": wording.author(kept.saved_by, names),
        }
        for kept, mapping in offered
    ]  # fmt: skip
    return shown(request, "mappings", {"mappings": rows})


@require_safe
@for_administrators
def mapping(request: Seen, number: int) -> HttpResponse:
    """One state of a mapping, and its other states."""
    kept = preview.mapping_kept(number)
    if kept is None:
        raise Http404
    names = names_of_actors({kept.saved_by})
    context = {
        "kept": kept, "title": preview.title_of(kept), "others": preview.states_of(kept),
        "who": wording.author(kept.saved_by, names),
    }  # fmt: skip
    return shown(request, "mapping", context)
