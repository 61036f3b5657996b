"""Looks at a page as people with a keyboard, a screen reader or unsteady hands meet it. Each function returns what is wrong."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LEAST_TARGET = 24  # CSS pixels, WCAG 2.2, 2.5.8
SCRIPT = (Path(__file__).parent / "accessibility.js").read_text(encoding="utf-8")


def axe(page):
    """What axe finds against WCAG 2.2 A and AA: rule, element and help for each."""
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{rule['id']}: {node['target']}: {rule['help']} ({rule['helpUrl']})" for rule in found for node in rule["nodes"]]


def small_targets(page):
    """Controls smaller than a fingertip; links within a sentence are excepted, a tick box counts with its label."""
    page.evaluate(SCRIPT)
    return [f"smaller than {LEAST_TARGET} px: {told}" for told in page.evaluate("least => look.small(least)", LEAST_TARGET)]


def keyboard(page):
    """Controls that Tab does not reach, reaches out of order or without showing where the focus is."""
    page.evaluate(SCRIPT)
    for _ in range(page.evaluate("look.listen()")):
        page.keyboard.press("Tab")
    return page.evaluate("look.walked()")


def layout(page):
    """Sideways scrolling, and a number of main headings other than one."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    headings = page.locator("h1").count()
    return [f"scrolls sideways by {wide} px"] * (wide > 0) + [f"{headings} main headings"] * (headings != 1)
