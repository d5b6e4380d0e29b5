"""Access control: everyone on this machine is allowed, and no foreign web page."""

import base64

import pytest

HEALTH = "/_emulator/health"
SETTINGS = "/_emulator/settings"

SIGNED = {
    "X-Amz-Target": "PinpointSMSVoiceV2.CreateOptOutList",
    "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sms-voice/aws4_request, "
    "SignedHeaders=host, Signature=0",
}
BODY = b'{"OptOutListName": "Made"}'


def preflight(control, origin, path="/"):
    """Send a preflight request, as browsers do before a POST."""
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,x-amz-date,x-amz-target",
    }
    return control.call("OPTIONS", path, headers=headers)


# --- hosts: a public name may have been rebound to this machine ----------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.1:7670",
        "[::1]:7670",
        "192.168.1.20:7670",
        "localhost",
        "LOCALHOST:1",
        "sms",
        "sms:7670",
        "sms:",
        "anything.localhost",
        "printer.local",
        "sms.project.internal",
        "sms.test:80",
    ],
)
def test_private_hosts(control, host):
    """An address, a name without a dot and private names are answered."""
    answer = control.get(SETTINGS, headers={"Host": host})

    assert answer.status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.com",
        "evil.com:7670",
        "127.0.0.1.evil.com",
        "localhost.evil.com",
        "sms.test.evil.com:7670",
        "127.0.0.1.nip.io",
        "evil.com.",
        "xlocal.host",
        "127.0.0.1@evil.com",
        "evil.com#localhost",
        "[evil.com]",
        "[::1].evil.com",
        "localhost:80:80",
        "local host",
        "",
    ],
)
def test_public_hosts(control, host):
    """Host names that a public name server can resolve, and invalid ones, are refused."""
    answer = control.get(SETTINGS, headers={"Host": host})

    assert answer.status == 403
    assert "allowed_hosts" in answer.error


@pytest.mark.pinpoint_sms(allowed_hosts="sms.example.com,other.example.com")
@pytest.mark.parametrize("host", ["sms.example.com", "SMS.example.com:80", "other.example.com:1"])
def test_allowed_hosts(control, host):
    """The settings can name more hosts."""
    assert control.get(SETTINGS, headers={"Host": host}).status == 200
    assert control.get(SETTINGS, headers={"Host": f"not-{host}"}).status == 403


def test_the_api_answers_under_any_host(control, account):
    """An SDK may be pointed anywhere: the API does not look at Host."""
    answer = control.call("POST", "/", BODY, SIGNED | {"Host": "sms.eu-west-1.amazonaws.com"})

    assert answer.status == 200
    assert "Made" in account.opt_out_lists


# --- origins: what a browser says of the page that asks -------------------------------------------

ALLOWED = [
    "http://localhost:3000",
    "https://localhost",
    "http://127.0.0.1:5173",
    "http://127.8.9.10",
    "http://[::1]:3000",
    "http://app.localhost:3000",
]
REFUSED = [
    "null",
    "",
    "http://evil.com",
    "https://evil.com:7670",
    "http://localhost.evil.com",
    "http://127.0.0.1.evil.com",
    "http://localhost@evil.com",
    "http://evil.com#@localhost",
    "http://192.168.1.20",
    "http://sms.test",
    "file://",
    "ftp://localhost",
    "chrome-extension://localhost",
    "localhost",
    "http://localhost http://evil.com",
    "http://localhost/",
]


@pytest.mark.parametrize("origin", ALLOWED)
def test_pages_of_this_machine(control, account, origin):
    """A page on loopback, on any port, may read and change the emulator; CORS headers allow it."""
    read = control.get(SETTINGS, headers={"Origin": origin})
    called = control.call("POST", "/", BODY, SIGNED | {"Origin": origin})

    assert (read.status, called.status) == (200, 200)
    assert "Made" in account.opt_out_lists
    for answer in (read, called):
        assert answer.headers["access-control-allow-origin"] == origin
        assert answer.headers["vary"] == "Origin"


@pytest.mark.parametrize("origin", REFUSED)
def test_pages_of_others(control, emulator, origin):
    """Pages of other or unknown origins are refused, also for the API."""
    before = emulator.snapshot()

    answers = [
        control.call("GET", SETTINGS, headers={"Origin": origin}),
        control.call("POST", "/_emulator/reset", headers={"Origin": origin}),
        control.call("POST", "/", BODY, SIGNED | {"Origin": origin}),
        preflight(control, origin),
    ]

    for answer in answers:
        assert answer.status == 403
        assert "allowed_hosts" in answer.error
        assert "access-control-allow-origin" not in answer.headers
    assert emulator.snapshot() == before


def test_a_refused_page_on_a_local_site(control):
    """Only the Origin header decides, not other headers of a browser."""
    headers = {"Origin": "http://evil.com", "Sec-Fetch-Site": "same-origin"}

    assert control.call("POST", "/", BODY, SIGNED | headers).status == 403


def test_an_allowed_page_of_another_site(control):
    """The Origin alone decides: to a browser, loopback on another name is another site."""
    headers = {"Origin": "http://localhost:3000", "Sec-Fetch-Site": "cross-site"}

    assert control.call("GET", SETTINGS, headers=headers).status == 200


@pytest.mark.parametrize("host", ["192.168.1.20:7670", "sms:7670", "sms.test"])
def test_the_own_page(control, host):
    """The emulator's own page is allowed, whatever the server's address is."""
    headers = {"Host": host, "Origin": f"http://{host}"}

    assert control.call("GET", SETTINGS, headers=headers).status == 200
    assert control.call("POST", "/", BODY, SIGNED | headers).status == 200


def test_a_page_under_a_rebound_name(control):
    """A rebound name is its own host too, and still not welcome."""
    headers = {"Host": "evil.com:7670", "Origin": "http://evil.com:7670"}

    assert control.call("POST", "/", BODY, SIGNED | headers).status == 403


def test_another_port_of_another_machine(control):
    """The own origin is host and port: another port is another site."""
    headers = {"Host": "192.168.1.20:7670", "Origin": "http://192.168.1.20:8080"}

    assert control.call("GET", SETTINGS, headers=headers).status == 403


@pytest.mark.pinpoint_sms(allowed_hosts="app.example.com")
@pytest.mark.parametrize("origin", ["https://app.example.com", "http://APP.example.com:8080"])
def test_allowed_origins(control, origin):
    """A host that the settings name may have pages that use the emulator."""
    assert control.get(SETTINGS, headers={"Origin": origin}).status == 200
    assert control.get(SETTINGS, headers={"Origin": f"{origin}.evil.com"}).status == 403


def test_a_browser_asks_first(control):
    """A preflight is answered for those who may, without the request being made."""
    answer = preflight(control, "http://localhost:3000")

    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "x-amz-target" in answer.headers["access-control-allow-headers"]


# --- without an origin ----------------------------------------------------------------------------


@pytest.mark.parametrize("site", ["same-origin", "same-site", "none"])
def test_requests_of_the_own_site(control, site):
    """Requests that are not from another site are answered."""
    assert control.get(SETTINGS, headers={"Sec-Fetch-Site": site}).status == 200


@pytest.mark.parametrize("mode", ["no-cors", "navigate"])
def test_requests_of_another_site(control, mode):
    """Pictures, scripts, forms and frames of other sites are refused."""
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": mode}

    answer = control.get(SETTINGS, headers=headers)

    assert answer.status == 403
    assert "allowed_hosts" in answer.error
    assert control.call("POST", "/", BODY, SIGNED | headers).status == 403


def test_links_to_the_page(control):
    """Only a link may lead from another site to the page itself, and not into a frame."""
    link = {
        "Sec-Fetch-Site": "cross-site",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
    }

    assert control.get("/", headers=link).status != 403
    assert control.get("/", headers=link | {"Sec-Fetch-Dest": "iframe"}).status == 403
    assert control.get("/", headers=link | {"Sec-Fetch-Mode": "no-cors"}).status == 403
    assert control.call("POST", "/", BODY, SIGNED | link).status == 403


# --- the access token -----------------------------------------------------------------------------


def basic(password):
    """Return the headers of a browser after its user has entered the token."""
    return "Basic " + base64.b64encode(f"anyone:{password}".encode()).decode()


@pytest.mark.pinpoint_sms(access_token="open:sesame")
@pytest.mark.parametrize(
    "authorization",
    [
        b"Bearer open:sesame",
        b"bearer   open:sesame",
        basic("open:sesame").encode(),
    ],
)
def test_the_token(control, authorization):
    """The token is accepted as Bearer or as a password."""
    assert control.get(SETTINGS, headers={"Authorization": authorization}).status == 200


@pytest.mark.pinpoint_sms(access_token="sesame")
@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer Sesame",
        "Bearer sesame2",
        "Basic sesame",
        "Basic %%%",
        basic(""),
        basic("no"),
        "sesame",
        "Digest sesame",
        b"Basic s\xe9same",
        b"Basic \xff",
        "Bearer sésame".encode(),
    ],
)
@pytest.mark.parametrize("path", [SETTINGS, "/", "/_emulator/nothing"])
def test_without_the_token(control, path, authorization):
    """Without the token, the answer asks for it in the form that browsers understand."""
    answer = control.get(path, headers={"Authorization": authorization})

    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith("Basic ")
    assert "access_token" in answer.error


@pytest.mark.pinpoint_sms(access_token="sesame")
def test_routes_without_a_token(control):
    """Health, preflights and the API, which has its own signatures, need no token."""
    assert control.get(HEALTH).status == 200
    assert preflight(control, "http://localhost:3000", SETTINGS).status == 204
    assert control.call("POST", "/", BODY, SIGNED).status == 200


@pytest.mark.pinpoint_sms(access_token="sesame")
def test_the_token_is_not_shown(control):
    """The settings show that there is a token, but not its value."""
    answer = control.get(SETTINGS, headers={"Authorization": "Bearer sesame"})

    assert answer.json["access_token"] == "***"
