"""Map services through a server of our own: what we ask, what we read, and what we say when they fail."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from customers.addresses.geocoding import geocoder_choices, get_geocoder
from customers.addresses.kinds import Address, NotReal, Unreachable
from customers.addresses.offline import OfflineGeocoder
from customers.addresses.wire import Access

NOMINATIM = [
    {
        "lat": "52.5", "lon": "13.4", "display_name": "Friedrichstr.",
        "address": {"house_number": "12a", "road": "Friedrichstraße", "suburb": "Mitte", "city": "Berlin",
                    "state": "Berlin", "postcode": "10117", "country_code": "de"},
    }
]  # fmt: skip
GOOGLE = {
    "status": "OK",
    "results": [
        {
            "formatted_address": "x", "geometry": {"location": {"lat": 1, "lng": 2}},
            "address_components": [
                {"long_name": "1600", "short_name": "1600", "types": ["street_number"]},
                {"long_name": "Amphitheatre Parkway", "short_name": "A Pkwy", "types": ["route"]},
                {"long_name": "Mountain View", "short_name": "MV", "types": ["locality", "political"]},
                {"long_name": "California", "short_name": "CA", "types": ["administrative_area_level_1", "political"]},
                {"long_name": "United States", "short_name": "US", "types": ["country", "political"]},
                {"long_name": "94043", "short_name": "94043", "types": ["postal_code"]},
            ],
        }
    ],
}  # fmt: skip


def yandex(*parts: tuple[str, str]) -> dict[str, Any]:
    components = [{"kind": kind, "name": name} for kind, name in parts]
    said = {"country_code": "RU", "postal_code": "125009", "Components": components}
    place = {"metaDataProperty": {"GeocoderMetaData": {"Address": said}}, "Point": {"pos": "37.6 55.7"}, "name": "x"}
    return {"response": {"GeoObjectCollection": {"featureMember": [{"GeoObject": place}]}}}


YANDEX = yandex(
    ("country", "Россия"), ("province", "Центральный федеральный округ"), ("province", "Москва"),
    ("locality", "Москва"), ("street", "Тверская улица"), ("house", "7"),
)  # fmt: skip


class MapServer(ThreadingHTTPServer):
    """Answers every question with `answer`, after `delay` seconds, and remembers what was asked."""

    status = 200
    answer: bytes = b"[]"
    delay = 0.0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []

    def say(self, answer: object, status: int = 200) -> None:
        self.answer, self.status = json.dumps(answer).encode(), status

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def access(self, seconds: float = 3.0) -> Access:
        return Access(key="s3cret", domain=self.host, scheme="http", seconds=seconds, allowed_hosts=(self.host,))


class _Handler(BaseHTTPRequestHandler):
    server: MapServer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        time.sleep(self.server.delay)
        self.send_response(self.server.status)
        self.send_header("location", "/elsewhere")
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(self.server.answer)))
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *args: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[MapServer]:
    server = MapServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_offline_is_the_default_and_comes_first() -> None:
    assert geocoder_choices()[0][0] == "offline"
    assert isinstance(get_geocoder(""), OfflineGeocoder)


def test_nobody_elses_name_is_a_geocoder() -> None:
    with pytest.raises(KeyError):
        get_geocoder("nobody")


def test_nominatim_divides_in_one_request(server: MapServer) -> None:
    server.say(NOMINATIM)

    found = get_geocoder("nominatim", server.access()).divide("Friedrichstr. 12a, Wohnung 3, Berlin", "DE")

    assert found == Address(
        country="DE", region="Berlin", city="Berlin", district="Mitte", postal_code="10117",
        street="Friedrichstraße", house="12a", flat="3",
    )  # fmt: skip
    assert len(server.asked) == 1
    asked = parse_qs(urlsplit(server.asked[0]).query)
    assert asked["countrycodes"] == ["de"] and asked["limit"] == ["1"] and asked["addressdetails"] == ["1"]


def test_google_puts_the_number_into_the_street_where_people_do(server: MapServer) -> None:
    server.say(GOOGLE)

    found = get_geocoder("google", server.access()).divide("1600 Amphitheatre Pkwy, Mountain View", "")

    assert found == Address(
        country="US", region="CA", city="Mountain View", postal_code="94043", street="1600 Amphitheatre Parkway"
    )
    assert len(server.asked) == 1


def test_yandex_keeps_what_leads_to_the_door(server: MapServer) -> None:
    server.say(YANDEX)

    found = get_geocoder("yandex", server.access()).divide("Москва, Тверская 7, подъезд 2, этаж 3, кв. 12", "RU")

    assert (found.region, found.city, found.street, found.house) == ("Москва", "Москва", "Тверская улица", "7")
    assert (found.entrance, found.floor, found.flat) == ("2", "3", "12")
    assert found.postal_code == "125009"


@pytest.mark.parametrize(
    ("name", "nothing"),
    [
        ("nominatim", []),
        ("google", {"status": "ZERO_RESULTS", "results": []}),
        ("yandex", {"response": {"GeoObjectCollection": {"featureMember": []}}}),
    ],
)
def test_what_the_map_does_not_know_is_not_real(server: MapServer, name: str, nothing: object) -> None:
    server.say(nothing)

    with pytest.raises(NotReal, match="does not know this address"):
        get_geocoder(name, server.access()).divide("Nowhere street 5, Atlantis", "")


def test_a_whole_city_is_no_address(server: MapServer) -> None:
    server.say(yandex(("country", "Россия"), ("locality", "Москва")))

    with pytest.raises(NotReal):
        get_geocoder("yandex", server.access()).divide("Москва, ул. Небывалая 5", "RU")


@pytest.mark.parametrize("name", ["nominatim", "google", "yandex"])
@pytest.mark.parametrize("status", [302, 400, 401, 403, 429, 500, 503])
def test_every_failure_is_a_sentence_without_the_key(server: MapServer, name: str, status: int) -> None:
    server.say({}, status)

    with pytest.raises(Unreachable) as caught:
        get_geocoder(name, server.access()).divide("Main Street 5, Springfield", "US")

    assert "s3cret" not in str(caught.value) and server.host not in str(caught.value)
    assert len(server.asked) == 1


@pytest.mark.parametrize("name", ["nominatim", "google", "yandex"])
@pytest.mark.parametrize("answer", [[{}], {"results": [{}], "status": "OK"}, {"response": 5}, "text", None, 7, [7]])
def test_a_strange_answer_is_unreachable_or_not_real(server: MapServer, name: str, answer: object) -> None:
    server.say(answer)

    with pytest.raises((Unreachable, NotReal)):
        get_geocoder(name, server.access()).divide("Main Street 5, Springfield", "US")


def test_a_refused_key_is_told(server: MapServer) -> None:
    server.say({"status": "REQUEST_DENIED"})

    with pytest.raises(Unreachable):
        get_geocoder("google", server.access()).divide("Main Street 5, Springfield", "US")


def test_a_slow_service_costs_no_more_than_its_limit(server: MapServer) -> None:
    server.delay = 3.0
    began = time.monotonic()

    with pytest.raises(Unreachable, match="in time"):
        get_geocoder("nominatim", server.access(seconds=0.3)).divide("Main Street 5, Springfield", "US")

    assert time.monotonic() - began < 1.5


def test_nobody_at_the_other_end_is_unreachable() -> None:
    access = Access(domain="127.0.0.1:9", scheme="http", allowed_hosts=("127.0.0.1:9",), seconds=1)

    with pytest.raises(Unreachable):
        get_geocoder("nominatim", access).divide("Main Street 5, Springfield", "US")


def test_private_addresses_are_not_called(server: MapServer) -> None:
    access = Access(domain=server.host, scheme="http")

    with pytest.raises(Unreachable):
        get_geocoder("nominatim", access).divide("Main Street 5, Springfield", "US")

    assert server.asked == []


def test_suggestions_are_values_of_the_column(server: MapServer) -> None:
    server.say(NOMINATIM)
    geocoder = get_geocoder("nominatim", server.access())

    assert geocoder.suggest("city", "Ber", Address(country="DE")) == ("Berlin",)
    assert geocoder.suggest("street", "Fried", Address(country="DE", city="Berlin")) == ("Friedrichstraße",)
    assert geocoder.suggest("street", " ", Address(country="DE")) == ()


def test_postal_code_is_asked_without_the_flat(server: MapServer) -> None:
    server.say(NOMINATIM)
    address = Address(country="DE", city="Berlin", street="Friedrichstraße", house="12a", flat="77", company="Acme")

    assert get_geocoder("nominatim", server.access()).postal_code(address) == "10117"
    assert "77" not in server.asked[0] and "Acme" not in server.asked[0]


def test_a_key_does_not_show() -> None:
    assert "s3cret" not in repr(Access(key="s3cret"))
