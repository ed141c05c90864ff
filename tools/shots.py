"""Pictures of the pages of a running house, as a person sees them: desktop and phone, light and dark.

    ./dev demo            (in another terminal; or name the address: --url)
    ./dev shots [--url http://127.0.0.1:8000] [--out shots] [--as USERNAME …]

Signs in as demo people (without --as: the first of each role that the sign-in list offers), opens the first page and
what its own navigation leads to, and says which pages logged errors or are wider than the phone.
"""

import argparse
import os
import re
import sys
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
THEMES = ("light", "dark")
PAGES_EACH = 6
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]


def people(page: Page, url: str) -> list[str]:
    """Usernames of the demo list, the first of each role."""
    page.goto(urljoin(url, "/sign-in/"))
    script = (
        "all => all.map(f => [f.querySelector('.role')?.textContent.split('·')[0].trim(), f.username.value])"
    )
    offered = page.eval_on_selector_all("form:has(input[name=username][type=hidden])", script)
    return list(dict(reversed(offered)).values())[::-1]


def sign_in(page: Page, url: str, who: str) -> None:
    page.goto(urljoin(url, "/sign-in/"))
    button = page.locator(f"form:has(input[name=username][value='{who}']) button").first
    button.evaluate(
        "one => one.form.requestSubmit()"
    )  # most of the list is folded away, where nothing can be clicked
    page.wait_for_url(lambda address: "/sign-in/" not in address)
    page.wait_for_load_state("networkidle")


def linked(page: Page) -> list[str]:
    """Addresses of the same house in the page's navigation."""
    found = page.eval_on_selector_all("nav a[href], main a[href]", "all => all.map(a => a.href)")
    here = urlsplit(page.url).netloc
    paths = dict.fromkeys(u.split("#")[0] for u in found if urlsplit(u).netloc == here)
    return list(paths)[:PAGES_EACH]


def take(browser: Browser, url: str, who: str, out: Path) -> list[str]:
    """All pictures of one person. Returns what looked wrong."""
    wrong: list[str] = []
    for size, viewport in SIZES.items():
        for theme in THEMES:
            context = browser.new_context(viewport=viewport, color_scheme=theme, locale="zh-CN")
            page = context.new_page()
            page.on("console", lambda m: m.type == "error" and wrong.append(f"{who}: {m.text}"))
            sign_in(page, url, who)
            for address in dict.fromkeys([page.url, *linked(page)]):
                page.goto(address, wait_until="networkidle")
                name = (
                    re.sub(r"\W+", "-", urlsplit(address).path + "-" + urlsplit(address).query).strip("-")
                    or "home"
                )
                page.screenshot(path=out / f"{who}-{name}-{size}-{theme}.png", full_page=True)
                wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                if size == "phone" and wide > 0:
                    wrong.append(f"{address}: {wide} px wider than the phone")
            context.close()
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev shots", description="Pictures of a running demo's pages.")
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--out", type=Path, default=Path("shots"))
    parser.add_argument("--as", dest="who", nargs="*", metavar="USERNAME")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=os.environ.get("HANGBIAO_CHROME"), args=FLAGS)
        try:
            names = args.who or people(browser.new_page(), args.url)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the server is not there
            print(
                f"Nothing answers at {args.url}: start `./dev demo` first ({str(fault).splitlines()[0]}).",
                file=sys.stderr,
            )
            return 1
        wrong = [line for who in names for line in take(browser, args.url, who, args.out)]
    print(f"{len(list(args.out.glob('*.png')))} pictures in {args.out}/")
    for line in dict.fromkeys(wrong):
        print(line, file=sys.stderr)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
