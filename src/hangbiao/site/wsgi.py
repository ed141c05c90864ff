"""For a WSGI server of your own; `hangbiao serve` needs no such file."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hangbiao.site.settings")
application = get_wsgi_application()
