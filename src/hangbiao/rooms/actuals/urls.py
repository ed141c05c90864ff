"""Addresses of the import pages."""

from django.urls import path

from hangbiao.rooms.actuals.pages import batches, drafts, files, home, jobs, mappings, refused, suspects

app_name = "actuals"
urlpatterns = [
    path("imports/", home.home, name="home"),
    path("imports/send/", home.send, name="send"),
    path("imports/files/<int:number>/", files.file, name="file"),
    path("imports/files/<int:number>/check/", files.begin, {"kind": "check"}, name="check"),
    path("imports/files/<int:number>/book/", files.begin, {"kind": "book"}, name="book"),
    path("imports/files/<int:number>/away/", files.put_away, name="put-away"),
    path("imports/files/<int:number>/draft/", drafts.draft, name="draft"),
    path("imports/mappings/", mappings.mappings, name="mappings"),
    path("imports/mappings/<int:number>/", mappings.mapping, name="mapping"),
    path("imports/jobs/<int:number>/", jobs.job, name="job"),
    path("imports/jobs/<int:number>/row/", jobs.row, name="job-row"),
    path("imports/jobs/<int:number>/refused/", jobs.refused_file, name="job-refused-file"),
    path("imports/jobs/<int:number>/cancel/", jobs.cancel, name="job-cancel"),
    path("imports/batches/", batches.batches, name="batches"),
    path("imports/batches/<int:number>/", batches.batch, name="batch"),
    path("imports/batches/<int:number>/undo/", batches.undo, name="undo"),
    path("imports/batches/<int:number>/refused/", batches.refused_file, name="refused-file"),
    path("imports/batches/<int:number>/original/", batches.original, name="original"),
    path("imports/refused/<int:number>/", refused.send_again, name="send-again"),
    path("imports/refused/<int:number>/everywhere/", refused.replace_value, name="replace-value"),
    path("imports/suspects/", suspects.suspects, name="suspects"),
    path("imports/suspects/<int:number>/", suspects.decide, name="decide"),
]
