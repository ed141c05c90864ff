"""Pictures of every page of a running house, as each kind of person sees it: desktop and phone, light and dark.

    ./dev demo            (in another terminal; or name the address: --url)
    ./dev shots [--url http://127.0.0.1:8000] [--out shots] [--as USERNAME …] [--language en] [--most 40]

Signs in as demo people (without --as: the first of each role that the sign-in list offers), opens every address of the
house that needs no name in it, and what those pages link to, one of each kind. Says which pages logged errors or are wider
than the phone.
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
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
TALLEST = 4000  # pixels: a living page of parts is cut there
ROUTES = ("/sign-in/forgotten/", "/offline/", "/nowhere/")  # what nobody links to


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


def kind(address: str) -> str:
    """What a page is, without which of its kind: codes and numbers in its path, values in its query."""
    parts = urlsplit(address)
    path = re.sub(r"/(people|units|accounts|batch|batches|errors|notifications|region)/[^/]+", r"/\1/*", parts.path)
    path = re.sub(r"/\d[\d-]*(?=/|$)", "/*", path)
    view = re.findall(r"(?:^|&)(view|run|day|known)=", parts.query)
    return path + "?" + "&".join(sorted(set(view)))


def found_from(page: Page, url: str, most: int) -> list[str]:
    """Addresses of the house, one of each kind, walked from the first page through whatever the pages link to."""
    here, seen, queue = urlsplit(url).netloc, {}, [page.url, *[urljoin(url, route) for route in ROUTES]]
    while queue and len(seen) < most:
        address = queue.pop(0)
        if kind(address) in seen:
            continue
        answer = page.request.get(address)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        page.goto(address, wait_until="domcontentloaded")
        seen[kind(address)] = address
        links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
        queue += [u.split("#")[0] for u in links if urlsplit(u).netloc == here]
    return list(seen.values())


def name_of(address: str) -> str:
    return re.sub(r"\W+", "-", kind(address)).strip("-") or "home"


def take(browser: Browser, args: argparse.Namespace, who: str) -> list[str]:
    """All pictures of one person. Returns what looked wrong."""
    wrong: list[str] = []
    addresses: list[str] = []
    for size, viewport in SIZES.items():
        for theme in THEMES:
            context = browser.new_context(viewport=viewport, color_scheme=theme, locale="zh-CN", service_workers="block")
            page = context.new_page()
            page.on("console", lambda m: m.type == "error" and "404" not in m.text and wrong.append(f"{who}: {m.text}"))
            sign_in(page, args.url, who)
            context.add_cookies([{"name": "hb_language", "value": args.language, "url": args.url}])
            addresses = addresses or found_from(page, args.url, args.most)
            for address in addresses:
                page.goto(address, wait_until="networkidle")
                tall = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
                page.screenshot(
                    path=args.out / f"{who}-{name_of(address)}-{size}-{theme}.png", full_page=True,
                    clip={"x": 0, "y": 0, "width": viewport["width"], "height": max(tall, viewport["height"])},
                )  # fmt: skip
                wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                if size == "phone" and wide > 0:
                    wrong.append(f"{who} {address}: {wide} px wider than the phone")
            context.close()
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev shots", description="Pictures of a running demo's pages.")
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--out", type=Path, default=Path("shots"))
    parser.add_argument("--as", dest="who", nargs="*", metavar="USERNAME")
    parser.add_argument("--language", default="zh-hans", choices=["zh-hans", "en"])
    parser.add_argument("--most", type=int, default=40, help="pages of one person at most")
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
        wrong = [line for who in names for line in take(browser, args, who)]
    print(f"{len(list(args.out.glob('*.png')))} pictures in {args.out}/")
    for line in dict.fromkeys(wrong):
        print(line, file=sys.stderr)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
