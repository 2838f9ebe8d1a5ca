"""Pictures of the site for the README and the docs, of the curated record.

    make screenshots

starts a site of its own and takes each picture in the system's Chromium. To be looked
at before a release, and not kept, are whole pages of all sorts in ``pictures/``: in
light and dark, on a phone, and in Spanish.
"""

import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import PROJECT

from .browsing import NAME, PASSWORD, a_site, browser_options, manage

FOLDER, LOOKED_AT = PROJECT / "docs", PROJECT / "pictures"
WIDE, PHONE = (1280, 860), (390, 800)

# The address, the size of the window, and whether it is dark, by the name of the file.
PUBLIC = {
    "timeline": ("/timeline/", WIDE, "light"),
    "timeline-phone": ("/timeline/", PHONE, "dark"),
    "official": ("/officials/gregory-guillot/", WIDE, "light"),
    "relations": ("/officials/gregory-guillot/network/", WIDE, "light"),
    "map": ("/map/", WIDE, "light"),
    "metric": ("/metrics/us-troops-at-border/", WIDE, "light"),
    "source": ("/sources/watch-usnorthcom-mexican-leaders/", WIDE, "light"),
    "api": ("/api/v1/docs/", WIDE, "light"),
}
# Each sort of public page once, by the name of its files.
PAGES = {
    "front": "/",
    "timeline": "/timeline/",
    "timeline-lanes": "/timeline/?lanes=agency",
    "timeline-compared": "/timeline/?lanes=compared&agency=sedena,usnorthcom",
    "numbers": "/timeline/aggregate/?by=agency",
    "map": "/map/",
    "officials": "/officials/",
    "official": "/officials/gregory-guillot/",
    "relations": "/officials/gregory-guillot/network/",
    "pairs": "/officials/pairs/",
    "connection": "/connection/?one=gregory-guillot&other=rafael-barcelo",
    "agencies": "/agencies/",
    "agency": "/agencies/sedena/?as_of=2025-04-16",
    "post": "/posts/commander-usnorthcom/",
    "meeting": "/meetings/tcfr-roundtable-2024-11-21/",
    "agreement": "/agreements/joint-statement-of-understanding-2025/",
    "deployment": "/deployments/mexico-border-deployment-2025/",
    "metrics": "/metrics/",
    "metric": "/metrics/us-troops-at-border/",
    "changes-in-percent": "/metrics/illegal-border-crossings-change/",
    "observations": "/observations/aggregate/?by=metric&measure=max",
    "places": "/places/",
    "place": "/places/nogales/",
    "themes": "/themes/",
    "theme": "/themes/border-security/",
    "sources": "/sources/",
    "source": "/sources/watch-usnorthcom-mexican-leaders/",
    "two-sources": "/sources/watch-usnorthcom-mexican-leaders/compare/"
    "?with=growing-security-challenges",
    "two-dates": "/compare/?from=2009-10&to=2025-04",
    "disputes": "/disputes/",
    "dispute": "/disputes/deployment-2/",
    "search": "/search/?q=border",
    "not-found": "/officials/nobody/",
}
# The way that a page is seen: the size of the window, the scheme, the language.
WAYS = {
    "light": (WIDE, "light", ""),
    "dark": (WIDE, "dark", ""),
    "phone": (PHONE, "light", ""),
    "spanish": (PHONE, "dark", "/es"),
}
CURATED = {
    "admin": ("/admin/", WIDE, "light"),
    "disputes": ("/admin/disputes/?state=open", WIDE, "light"),
    "list": ("/admin/timeline/meeting/?q=guillot", WIDE, "dark"),
}


def main():
    """Takes every picture."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        url = f"sqlite:///{Path(folder) / 'record.sqlite3'}"
        manage(url, "migrate", "--verbosity", "0")
        manage(url, "load", "fixtures")
        site = stack.enter_context(a_site(url))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(**browser_options())
        stack.callback(browser.close)
        for name, shot in PUBLIC.items():
            take(browser.new_context(), site, name, *shot)
        for name, shot in CURATED.items():
            context = browser.new_context()
            sign_in(context, site)
            take(context, site, name, *shot)
        look_at_all(browser, site)


def look_at_all(browser, site):
    """Takes whole pages of all sorts in each way, for somebody to look at."""
    LOOKED_AT.mkdir(exist_ok=True)
    for way, (size, scheme, language) in WAYS.items():
        page = browser.new_page(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        for name, address in PAGES.items():
            page.goto(site + language + address, wait_until="networkidle")
            page.screenshot(path=LOOKED_AT / f"{name}-{way}.png", full_page=True)
        print(f"pictures/*-{way}.png")
        page.close()


def sign_in(context, site):
    """Signs a curator in."""
    page = context.new_page()
    page.goto(f"{site}/admin/login/")
    page.fill("[name=username]", NAME)
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_url(f"{site}/admin/")
    page.close()


def take(context, site, name, address, size, scheme):
    """Takes one picture of what a window shows first."""
    page = context.new_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(site + address, wait_until="networkidle")
    if name == "disputes":
        page.locator(".queue summary").first.click()
    page.screenshot(path=FOLDER / f"{name}.png")
    context.close()
    print(f"docs/{name}.png")


if __name__ == "__main__":
    main()
