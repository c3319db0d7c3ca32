#!/usr/bin/env python3
"""Walks the collector's pages in Chromium, as each role: see scripts/check-pages.

Takes a role and its one-time sign-in link, as often as there are roles. From the first page on it follows every link to a
path that it has not seen, so that a new page is walked on the day it is linked to.
"""
import os
import pathlib
import re
import shutil
import sys
import urllib.parse

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

SHOTS = pathlib.Path(os.environ["SHOTS"])
# States that no plain link leads to.
STATES = [
    "/tools?search=nothing+like+it", "/tools?manner=infrastructure", "/tools?last=28&change=new&sort=tool",
    "/tools?" + "&".join("column=" + c for c in (
        "status category vendor schools devices device_hours change busiest manner first_seen dns tls quic attributed"
    ).split()),
    "/tools?from=2020-01-01&to=2020-01-02", "/tool?name=ChatGPT", "/unknown?state=dismissed", "/gateways?state=silent",
    "/tools?sort=nonsense", "/nothing", "/alerts?state=acknowledged", "/procurement?q=kahut", "/procurement?q=ChatGPT",
    "/programme?stage=approved", "/programme/platform?name=Gimkit", "/programme/requests?state=answered",
    "/programme/surveys?survey=Fall+2026&school=sample-north-high", "/procurement/offer?name=Kahoot%21",
]
# What everybody may see, who is not signed in.
OPEN = ["/public", "/public?search=nothing+like+it", "/public/embed", "/sign-in"]
LOOKS = [(1280, "light"), (390, "light"), (1280, "dark"), (390, "dark")]
NOT_WALKED = ("/sign-out", "/static/", "/v1/")
axe = Axe()
mistakes = []


def wrong(place, what):
    mistakes.append(f"{place}: {what}")
    print(f"check-pages: {place}: {what}", file=sys.stderr)


def shot_name(address):
    path = urllib.parse.urlsplit(address)
    text = (path.path.strip("/") or "overview") + ("-" + path.query if path.query else "")
    return re.sub(r"[^A-Za-z0-9]+", "-", text)[:80].strip("-")


def looks(role, number):
    """All looks for the administrator, who sees every page, and for everybody; one after the other for the others' pages."""
    return LOOKS if role in ("admin", "public") else [LOOKS[number % len(LOOKS)]]


def look_at(page, role, address, number):
    """Takes a page at each width and in each scheme, and asks axe about it with everything folded out."""
    folder = SHOTS / role
    folder.mkdir(parents=True, exist_ok=True)
    for width, scheme in looks(role, number):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=folder / f"{shot_name(address)}-{width}-{scheme}.png", full_page=True)
        folded = page.evaluate("[...document.querySelectorAll('details:not([open])')].map(d => d.open = true).length")
        place = f"{role} {address} {width} {scheme}"
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong(place, "the page is wider than the window")
        for violation in axe.run(page).response["violations"]:
            nodes = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
            wrong(place, f"{violation['id']}: {violation['help']}: {nodes}")
        if folded:
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = false)")


def walk(page, role, base):
    """Follows every link to a path that was not seen; gives how many pages there were."""
    states = OPEN if role == "public" else STATES
    todo, seen = (states if role == "public" else ["/"] + states)[:], set()
    count = 0
    while todo:
        address = todo.pop(0)
        path = urllib.parse.urlsplit(address).path
        key = address if address in states else path
        if key in seen or path.startswith(NOT_WALKED) or re.search(r"\.(csv|json|yaml|pdf|atom|txt|html)$", path):
            continue
        seen.add(key)
        answer = page.goto(base + address)
        count += 1
        if answer.status >= 500 or (answer.status >= 400 and address not in states):
            wrong(f"{role} {address}", f"answered with {answer.status}")
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        look_at(page, role, address, count)
        links = page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))")
        todo += [urllib.parse.urljoin(address, link) for link in links if link.startswith(("/", "?"))]
    return count


def review(page, base):
    """Dismisses a group of names and brings it back, by clicking as somebody would."""
    page.goto(base + "/unknown")
    before = page.locator("h1").inner_text()
    group = page.locator("li.group").first
    group.get_by_text("Dismiss it").click()
    group.get_by_label("Why it needs no review").fill("It is only the walk through the pages")
    group.get_by_role("button", name="Dismiss").click()
    if "was dismissed" not in page.get_by_role("status").inner_text():
        wrong("its /unknown", "nothing says that the group was dismissed")
    if page.locator("h1").inner_text() == before:
        wrong("its /unknown", "a dismissed group still waits for review")
    page.get_by_role("button", name="Undo").click()
    if page.locator("h1").inner_text() != before:
        wrong("its /unknown", "a group that was brought back does not wait for review")


def axe_can_fail(page, base):
    """A check that cannot fail is none: a picture without a text has to be found."""
    page.goto(base + "/")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    if not any(v["id"] == "image-alt" for v in axe.run(page).response["violations"]):
        wrong("the check itself", "axe-core finds no violation where there is one")


def main(arguments):
    pairs = list(zip(arguments[::2], arguments[1::2]))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"] if os.geteuid() == 0 else [])
        for role, link in pairs:
            parts = urllib.parse.urlsplit(link)
            base = f"{parts.scheme}://{parts.netloc}"
            page = browser.new_context().new_page()
            page.on("pageerror", lambda error, role=role: wrong(role, str(error)))
            page.on("console", lambda message, role=role: wrong(f"{role} {page.url}", message.text)
                    if message.type == "error" and "status of 40" not in message.text else None)
            page.goto(link)
            button = page.get_by_role("button", name=re.compile("sign in", re.I))
            if button.count():
                button.first.click()
            count = walk(page, role, base)
            print(f"check-pages: {role}: {count} pages", file=sys.stderr)
            if count < (4 if role == "public" else 10):
                wrong(role, "hardly a page was found; is the sign-in broken?")
            if role == "admin":
                axe_can_fail(page, base)
            if role == "its":
                review(page, base)
            page.context.close()
        browser.close()
    if mistakes:
        sys.exit(f"check-pages: {len(mistakes)} mistakes")
    print(f"check-pages: no violation; look at {SHOTS}", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
