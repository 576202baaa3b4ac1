"""A real browser with the network off, and a page opened in it."""

import os
import shutil

import pytest
from page_tools import SIZES

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser():
    found = [shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")]
    path = next((name for name in found if name), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("CI is set and there is no Chromium")
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def show(browser, tmp_path):
    """Open a map offline; whatever it asks for or complains about fails the test."""
    opened = []

    def open_page(m, *, size="laptop", address="", dialogs=0):
        file = tmp_path / "map.html"
        m.save(str(file))
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height}, offline=True, reduced_motion="reduce"
        )
        page = context.new_page()
        complaints = []
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: complaints.append("dialog") or dialog.dismiss())
        page.on(
            "request",
            lambda request: (
                request.url.startswith((file.as_uri(), "data:"))
                or complaints.append(f"request: {request.url}")
            ),
        )
        opened.append((context, complaints))
        page.goto(file.as_uri() + address)
        page.wait_for_function("document.documentElement.dataset.parkmap === 'ready'")
        return page

    yield open_page
    for context, complaints in opened:
        context.close()
        assert complaints == []
