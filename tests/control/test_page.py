"""The page at / and its files; its behaviour is tested in a browser."""


def test_the_page_and_its_parts_are_served(control):
    """The page is at /, with its files beside it; other paths are a 404."""
    page = control.get("/")

    assert page.status == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for part in ("inbox.css", "inbox.js", "theme.js", "icon.svg"):
        assert f"_emulator/inbox/{part}" in page.text
        assert control.get(f"/_emulator/inbox/{part}").status == 200
    for other in ("nothing.js", "..%2Fpage.py", "%2Fetc%2Fpasswd", "."):
        assert control.get(f"/_emulator/inbox/{other}").status == 404


def test_the_page_may_load_nothing_but_its_own(control):
    """The policy of the page and its files allows only its own files, and no frames."""
    for path in ("/", "/_emulator/inbox/inbox.js"):
        headers = control.get(path).headers

        assert headers["content-security-policy"] == (
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            "img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
        )
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_the_page_is_served_with_any_query(control):
    """The page and its files are served with any query."""
    for path in ("/?utm_source=mail&x", "/_emulator/inbox/inbox.js?v=1"):
        assert control.call("GET", path).status == 200


def test_at_the_root_there_is_the_api_too(control):
    """Other methods at / are refused; the error names POST, which is AWS's."""
    answer = control.call("PUT", "/")

    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD, POST"
    assert answer.error == "the methods of this route are GET, HEAD, POST"
