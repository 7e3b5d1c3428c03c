"""A headless Chromium, driven by WebDriver over HTTP with the standard library alone."""

from __future__ import annotations

import base64
import importlib.util
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

INSTALLED = shutil.which("chromium") is not None and shutil.which("chromedriver") is not None
_FOUND = importlib.util.find_spec("axe_playwright_python")
_AXE = None if _FOUND is None or _FOUND.origin is None else Path(_FOUND.origin).parent
LINTED = INSTALLED and _AXE is not None
_VIOLATIONS = """
const done = arguments[0], shown = found => found.nodes.slice(0, 3).map(node => node.html.slice(0, 200))
axe.run(document, {resultTypes: ['violations']})
   .then(all => done(all.violations.map(found => [found.id, found.nodes.length, ...shown(found)])))
"""
_PATIENCE = 300
"""Seconds that a script may take: the linter is slow on long pages."""
_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


class Browser:
    """One session; every method is one WebDriver or DevTools command."""

    def __init__(self, port: int, profile: Path) -> None:
        self._port = port
        self._path = ""
        options = {"args": [*_OPTIONS, f"--user-data-dir={profile}"], "binary": shutil.which("chromium")}
        wanted = {
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL"},
            "timeouts": {"script": 1000 * _PATIENCE},
        }
        session = self._call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self._path = f"/session/{session['sessionId']}"

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=_PATIENCE)
        connection.request(method, self._path + path, None if body is None else json.dumps(body))
        answer = json.loads(connection.getresponse().read())["value"]
        connection.close()
        if isinstance(answer, dict) and "error" in answer:
            raise RuntimeError(answer["message"])
        return answer

    def command(self, name: str, **parameters: Any) -> Any:
        """A DevTools command."""
        return self._call("POST", "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def open(self, file: Path) -> None:
        self._call("POST", "/url", {"url": file.as_uri()})

    def evaluate(self, script: str) -> Any:
        return self._call("POST", "/execute/sync", {"script": script, "args": []})

    def violations(self) -> list[list[Any]]:
        """What axe-core finds, by all of its usual rules."""
        assert _AXE is not None, "needs axe-core (make extras)"
        self.evaluate((_AXE / "axe.min.js").read_text())
        found: list[list[Any]] = self._call("POST", "/execute/async", {"script": _VIOLATIONS, "args": []})
        return found

    def first_paint(self) -> float:
        """Milliseconds from the start of loading to when something is seen, maybe after the load event."""
        asked = "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
        return next(float(found) for _ in range(500) if (found := self.evaluate(asked)) is not None)

    def console(self) -> list[dict[str, Any]]:
        """What the console has shown since it was last asked."""
        shown: list[dict[str, Any]] = self._call("POST", "/se/log", {"type": "browser"})
        return shown

    def size(self, width: int, height: int = 900) -> None:
        self.command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    def media(self, scheme: str, kind: str = "screen") -> None:
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.command("Emulation.setEmulatedMedia", media=kind, features=features)

    def press(self, key: str) -> None:
        """Press and release a key, as a user would."""
        code = {"Tab": 9, "Enter": 13}[key]
        text = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self.command("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **text)

    def scripts(self, *, on: bool) -> None:
        self.command("Emulation.setScriptExecutionDisabled", value=not on)

    def picture(self) -> bytes:
        return base64.b64decode(self.command("Page.captureScreenshot")["data"])

    def pdf(self) -> bytes:
        return base64.b64decode(self.command("Page.printToPDF", preferCSSPageSize=True)["data"])

    def close(self) -> None:
        self._call("DELETE", "")


@contextmanager
def browser(profile: Path) -> Iterator[Browser]:
    """A browser with an empty profile, ended afterwards."""
    driver = subprocess.Popen(
        [shutil.which("chromedriver") or "", "--port=0"], stdout=subprocess.PIPE, text=True
    )
    assert driver.stdout is not None
    try:
        found = None
        while found is None:
            line = driver.stdout.readline()
            assert line, "chromedriver ended at once"
            found = re.search(r"started successfully on port (\d+)", line)
        session = Browser(int(found[1]), profile)
        try:
            yield session
        finally:
            session.close()
    finally:
        driver.terminate()
        driver.wait(timeout=20)
        driver.stdout.close()
