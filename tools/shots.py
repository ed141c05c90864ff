"""Pictures of every page of a running house, as each kind of person sees it: desktop and phone, light and dark, and English.

    ./dev demo            (in another terminal; or name the address: --url)
    ./dev shots [--url http://127.0.0.1:8000] [--out shots] [--as USERNAME …] [--language en] [--most 80]

Opens what a stranger can open, then signs in as demo people (without --as: the first of each role that the sign-in list
offers), opens every address of the house that needs no name in it, and what those pages link to, one of each kind, and some
states that no link leads to. English is taken in light only. Says which pages logged errors, are wider than the phone, cut a
word off or are not in the language asked for.
"""

import argparse
import os
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
LOOKS = {"zh-hans": ("light", "dark"), "en": ("light",)}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
TALLEST = 4000  # pixels: a living page of parts is cut there
STRANGER = "stranger"
# What nobody links to: pages outside, lists in which nothing is found, a day that has long gone.
OUTSIDE = (
    "/sign-in/", "/sign-in/?form=1", "/sign-in/forgotten/", "/letters/nothing/", "/sign-on/nothing/back/", "/offline/",
    "/nowhere/",
)  # fmt: skip
INSIDE = (
    "/offline/", "/nowhere/", "/board/?q=nobody", "/board/?view=people&q=nobody", "/search/?q=nobody", "/search/?q=一",
    "/account/confirm/", "/account/password/", "/account/second-step/app/", "/account/second-step/codes/", "/me/?metric=visits",
)  # fmt: skip
CUT = """() => Array.from(document.querySelectorAll('main *, header *, nav *'))
  .filter((one) => one.offsetParent && one.children.length === 0 && one.scrollWidth > one.clientWidth + 1
    && one.clientWidth > 1 && getComputedStyle(one).overflowX === 'hidden' && !one.closest('.sr'))
  .map((one) => one.textContent.trim().slice(0, 30))"""


@dataclass
class Round:
    """One run: where, what is wanted, and what looked wrong."""

    browser: Browser
    url: str
    out: Path
    languages: list[str]
    most: int
    wrong: list[str] = field(default_factory=list)

    def at(self, address: str) -> str:
        return urljoin(self.url, address)


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
    # most of the list is folded away, where nothing can be clicked
    button.evaluate("one => one.form.requestSubmit()")
    page.wait_for_url(lambda address: "/sign-in/" not in address)
    page.wait_for_load_state("networkidle")


def kind(address: str) -> str:
    """What a page is, without which of its kind: codes and numbers in its path, values in its query."""
    parts = urlsplit(address)
    path = re.sub(r"/(people|units|accounts|batch|batches|errors|notifications|region)/[^/]+", r"/\1/*", parts.path)
    path = re.sub(r"/\d[\d-]*(?=/|$)", "/*", path)
    asked = parse_qs(parts.query)
    marks = [f"{name}-{asked[name][0]}" for name in ("view", "run") if path == "/board/" and name in asked]
    marks += [name for name in ("day", "q", "form") if name in asked and path != "/board/"]
    marks += [f"unit-{asked['unit'][0][:1]}"] if path == "/board/" and "unit" in asked else []
    return path + "?" + "&".join(sorted(marks[:2]))


def found_from(page: Page, take: Round, begin: list[str]) -> list[str]:
    """Addresses of the house, one of each kind, walked from these through whatever the pages link to."""
    here, seen, queue = urlsplit(take.url).netloc, {}, begin
    while queue and len(seen) < take.most:
        address = queue.pop(0)
        if kind(address) in seen:
            continue
        answer = page.request.get(address)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        page.goto(address, wait_until="domcontentloaded")
        seen[kind(address)] = address
        links = page.eval_on_selector_all("a[href]:not([download])", "all => all.map(a => a.href)")
        queue += [u.split("#")[0] for u in links if urlsplit(u).netloc == here]
    return list(seen.values())


def name_of(address: str) -> str:
    return re.sub(r"\W+", "-", kind(address).replace("*", "one")).strip("-") or "home"


def a_browser(take: Round, who: str, size: str, language: str) -> tuple[BrowserContext, Page]:
    """A browser of this size in which that person is signed in and reads this language."""
    context = take.browser.new_context(viewport=SIZES[size], locale="zh-CN", service_workers="block")
    page = context.new_page()
    page.on("console", lambda m: m.type == "error" and "404" not in m.text and take.wrong.append(f"{who}: {m.text}"))
    page.on("response", lambda r: bare(r.url, r.status) and take.wrong.append(f"{who}: without {r.url} ({r.status})"))
    if who != STRANGER:
        sign_in(page, take.url, who)
    context.add_cookies([{"name": "hb_language", "value": language, "url": take.url}])
    return context, page


def bare(url: str, status: int) -> bool:
    """Whether a page lost its style or script: somebody built the front end anew under the running house."""
    return "/static/" in url and status >= 400


def take_all(take: Round, who: str) -> None:
    """All pictures of one person."""
    addresses: list[str] = []
    for language in take.languages:
        for size in SIZES:
            context, page = a_browser(take, who, size, language)
            begin = OUTSIDE if who == STRANGER else (page.url, *INSIDE)
            addresses = addresses or found_from(page, take, [take.at(each) for each in begin])
            for address in addresses:
                picture(take, page, address, f"{who}-{name_of(address)}-{size}", language)
            context.close()


def picture(take: Round, page: Page, address: str, name: str, language: str) -> None:
    """One page in the looks of its language; what can be measured is measured."""
    page.goto(address, wait_until="networkidle")
    tall = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    width, height = page.viewport_size["width"], page.viewport_size["height"]
    for look in LOOKS[language]:
        page.emulate_media(color_scheme=look)
        file = f"{name}-{look}.png" if language == "zh-hans" else f"{name}-{language}.png"
        clip = {"x": 0, "y": 0, "width": width, "height": max(tall, height)}
        page.screenshot(path=take.out / file, full_page=True, clip=clip)
    page.emulate_media(color_scheme="light")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        take.wrong.append(f"{name} ({language}): {wide} px wider than the window")
    cut = page.evaluate(CUT)
    if cut:
        take.wrong.append(f"{name} ({language}): cut off: {'; '.join(cut[:5])}")
    if page.evaluate("document.documentElement.lang") != language:
        take.wrong.append(f"{name}: does not speak {language}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev shots", description="Pictures of a running demo's pages.")
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--out", type=Path, default=Path("shots"))
    parser.add_argument("--as", dest="who", nargs="*", metavar="USERNAME", help=f"or {STRANGER}")
    parser.add_argument("--language", nargs="*", default=list(LOOKS), choices=list(LOOKS))
    parser.add_argument("--most", type=int, default=80, help="pages of one person at most")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=os.environ.get("HANGBIAO_CHROME"), args=FLAGS)
        take = Round(browser, args.url, args.out, args.language, args.most)
        try:
            names = args.who or [STRANGER, *people(browser.new_page(), args.url)]
        except Exception as fault:  # noqa: BLE001 - whatever it is, the server is not there
            said = str(fault).splitlines()[0]
            print(f"Nothing answers at {args.url}: start `./dev demo` first ({said}).", file=sys.stderr)
            return 1
        for who in names:
            take_all(take, who)
    print(f"{len(list(args.out.glob('*.png')))} pictures in {args.out}/")
    for line in dict.fromkeys(take.wrong):
        print(line, file=sys.stderr)
    return int(bool(take.wrong))


if __name__ == "__main__":
    sys.exit(main())
