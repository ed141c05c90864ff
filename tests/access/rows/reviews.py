"""The reviews room: everybody's own review, and those of the people below one's units."""

from typing import Any

from tests.access.company import Place, Viewer, World
from tests.access.matrix import IN_SIGHT, SIGNED_IN, Ask, Row

WRITTEN = {"cause": "visits", "words": "少跑了三条线路，客户没有补货。", "drafted_on": "1"}
PROPOSED = {"on": "2026-12-01", "begins": "10:00", "minutes": "30", "link": "", "place": "", "drafted_on": "1"}
VIEW = {"cause": "visits", "words": "少跑了三条线路，客户没有补货。"}


def _mine(viewer: Viewer, place: Place) -> bool:
    return viewer.owns and viewer.code == place.code


def _concerned(viewer: Viewer, place: Place) -> bool:
    """The three parties of a review."""
    return viewer.sees(place) and viewer.kind in {"rep", "supervisor", "region_manager"}


def _under_somebody(place: Place) -> bool:
    """The regions whose leaders look themselves."""
    return place.code[:2] in {"P0", "P2"} or place.absent


def _of_the_first_reps(place: Place) -> bool:
    """Those who look themselves: what belongs to one account has no other entitled."""
    return place.code in {"P000", "P200"}


def _kept(place: Place) -> Any:
    """A file of the place on disk, under its hash, with its row."""
    from hashlib import sha256

    from hangbiao.engines.files.models import StoredFile
    from hangbiao.engines.files.places import place_of
    from tests.world.board import AT

    content = f"ID3 {place.canary('content')}".encode()
    digest = sha256(content).hexdigest()
    place_of(digest).parent.mkdir(parents=True, exist_ok=True)
    place_of(digest).write_bytes(content)
    return StoredFile.objects.create(sha256=digest, size=len(content), kind="mp3", kept_at=AT)


def _plant(world: World) -> None:
    """An open review for everybody, in which somebody has said something."""
    from datetime import date, timedelta
    from zoneinfo import ZoneInfo

    from hangbiao.engines.flows.models import Task
    from hangbiao.engines.flows.services import Subject, open_cases
    from hangbiao.rooms.lights.models import Light, Run
    from hangbiao.rooms.reviews import response
    from hangbiao.rooms.reviews.models import Action, Analysis, Evidence, Meeting, Reply, Review
    from tests.world import ACTOR
    from tests.world.board import AT

    response.ensure_published(at=AT, actor=ACTOR)
    run = Run.objects.filter(kind="checkpoint").latest("as_of")
    light = Light.objects.filter(run=run).first()
    subjects = [Subject(place.person, place.path, 1, {"highest_light": "yellow"}) for place in world.places]
    done = open_cases(
        flow=response.FLOW, subjects=subjects, triggered_at=AT, at=AT, actor=ACTOR, zone=ZoneInfo("Asia/Shanghai")
    )
    cases = dict(done.of_subjects)
    body = {"as_of": "2026-11-25", "actual": 1, "base": 3, "plan": 2, "gap": 1, "left": 2, "pace": "1/2", "attainment": "1/3",
            "compared": [], "history": [], "end": None}  # fmt: skip
    for place in world.places:
        own = {"person_id": place.person, "org_path": place.path}
        review = Review.objects.create(
            case_id=cases[place.person], run=run, target_id=light.target_id, metric_id=light.metric_id, light="yellow",
            highest="yellow", opened_at=AT, **own,
        )  # fmt: skip
        said_own = {"own": {"cause": "visits", "words": place.canary("analysis")}}
        Analysis.objects.create(review=review, body=body | said_own, written_at=AT, **own)
        tasks = Task.objects.filter(case_id=review.case_id)
        said = tasks.exclude(role="employee").first()
        Task.objects.filter(pk=said.pk).update(
            state="done", answer={"words": place.canary("said")}, done_at=AT, done_by_id=said.assignee_id
        )
        Action.objects.create(
            review=review, task=said, what=place.canary("action"), owner_id=said.assignee_id, due_on=date(2026, 12, 9), **own
        )
        mine = tasks.filter(role="employee", assignee_id__isnull=False).first()
        kept = _kept(place)
        one = Evidence.objects.create(
            review=review, file=kept, name=f"{place.canary('file')}.mp3", added_by_id=said.assignee_id, added_at=AT, **own
        )
        meeting = Meeting.objects.create(
            review=review, number=0, starts_at=AT + timedelta(days=1), minutes=30, place=place.canary("room"),
            proposed_by_id=said.assignee_id, proposed_at=AT, **own,
        )  # fmt: skip
        Reply.objects.create(meeting=meeting, account_id=said.assignee_id, comes=True, said_at=AT, **own)
        numbers = {"evidence": one.pk, "review": review.pk, "case": review.case_id, "part": mine.pk if mine else said.pk}
        place.planted |= numbers
    world.absent.planted |= dict.fromkeys(numbers, 999_999_999)


ROWS = [
    Row(route="reviews/", plant=_plant, entitled=SIGNED_IN,
        asks={"open": lambda _p: "/reviews/", "closed": lambda _p: "/reviews/?closed=1"}),
    Row(route="reviews/<int:number>/", object="review", entitled=IN_SIGHT,
        asks={"page": lambda p: f"/reviews/{p.planted['review']}/"},
        sees=lambda _v, p: [p.canary("said"), p.canary("action")]),
    Row(route="inbox/case/<int:number>/", object="review", entitled=IN_SIGHT, ok=(302,),
        asks={"link": lambda p: f"/inbox/case/{p.planted['case']}/"},
        sees=lambda _v, p: [f"location: /reviews/{p.planted['review']}/"]),
    Row(route="reviews/<int:number>/tasks/<int:task>/", method="POST", object="review", entitled=_mine,
        about=_of_the_first_reps, ok=(302,),
        asks={"form": lambda p: Ask(f"/reviews/{p.planted['review']}/tasks/{p.planted['part']}/", data=VIEW)},
        sees=lambda _v, p: [f"location: /reviews/{p.planted['review']}/"]),
    Row(route="reviews/<int:number>/analysis/", object="review", entitled=IN_SIGHT,
        asks={"newest": lambda p: f"/reviews/{p.planted['review']}/analysis/",
              "version": lambda p: f"/reviews/{p.planted['review']}/analysis/?v=1"},
        sees=lambda _v, p: [p.canary("analysis")]),
    Row(route="reviews/<int:number>/analysis.pdf", object="review", entitled=IN_SIGHT,
        asks={"paper": lambda p: f"/reviews/{p.planted['review']}/analysis.pdf"}, sees=lambda _v, p: [f"-{p.code}-"]),
    Row(route="reviews/<int:number>/analysis/write/", method="POST", object="review", entitled=_concerned, ok=(302,),
        about=_under_somebody,
        asks={"form": lambda p: Ask(f"/reviews/{p.planted['review']}/analysis/write/", data=WRITTEN)},
        sees=lambda _v, p: [f"location: /reviews/{p.planted['review']}/analysis/"]),
    Row(route="reviews/<int:number>/files/<int:file>/", object="evidence", entitled=IN_SIGHT,
        asks={"file": lambda p: f"/reviews/{p.planted['review']}/files/{p.planted['evidence']}/"},
        sees=lambda _v, p: [p.canary("content")]),
    Row(route="reviews/<int:number>/files/", method="POST", object="review", entitled=_concerned, ok=(302,),
        about=_under_somebody,
        asks={"nothing": lambda p: Ask(f"/reviews/{p.planted['review']}/files/", data={})},
        sees=lambda _v, p: [f"location: /reviews/{p.planted['review']}/"]),
    Row(route="reviews/<int:number>/meeting.ics", object="review", entitled=IN_SIGHT,
        asks={"calendar": lambda p: f"/reviews/{p.planted['review']}/meeting.ics"},
        sees=lambda _v, p: [p.canary("room")]),
    Row(route="reviews/<int:number>/meeting/", method="POST", object="review", entitled=_concerned, ok=(302,),
        about=_under_somebody,
        asks={"form": lambda p: Ask(f"/reviews/{p.planted['review']}/meeting/", data=PROPOSED)},
        sees=lambda _v, p: [f"location: /reviews/{p.planted['review']}/"]),
    Row(route="reviews/<int:number>/meeting/<int:nth>/", method="POST", object="review", entitled=_concerned, ok=(302,),
        about=_under_somebody,
        asks={"form": lambda p: Ask(f"/reviews/{p.planted['review']}/meeting/0/", data={"comes": "0"})},
        sees=lambda _v, p: [f"location: /reviews/{p.planted['review']}/"]),
]  # fmt: skip
