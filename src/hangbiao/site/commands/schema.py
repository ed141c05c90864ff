"""Write the interface's OpenAPI document: `hangbiao schema --out openapi.json`."""

import argparse
import json
import os
import sys
from pathlib import Path


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, help="the file to write; without it the document goes to standard output")
    parser.add_argument("--language", choices=["zh-hans", "en"], default="en", help="of titles and descriptions")


def run(args: argparse.Namespace) -> int:
    """Needs no database: the document follows from the code alone."""
    os.environ.setdefault("DATABASE_URL", "postgresql:///not-asked")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hangbiao.site.settings")
    import django

    django.setup()
    from django.utils.translation import override

    from hangbiao.engines.api.description import openapi_of
    from hangbiao.site.api import api

    with override(args.language):
        text = json.dumps(openapi_of(api), ensure_ascii=False, indent=1) + "\n"
    if args.out:
        args.out.write_text(text, encoding="utf-8")
        sys.stderr.write(f"{args.out}\n")
    else:
        sys.stdout.write(text)
    return 0
