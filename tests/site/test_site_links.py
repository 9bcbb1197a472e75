"""Every page is well formed, every link resolves, nothing comes from elsewhere."""

import posixpath
import re
from urllib.parse import unquote, urlsplit

import pytest
from html_pages import Reader

PLACE = re.compile(r"[A-Za-z][\w.-]*")


@pytest.fixture(scope="module")
def read(every_html):
    return {path: Reader(source) for path, source in every_html.items()}


def test_every_page_is_well_formed(read):
    assert {path: page.mistakes for path, page in read.items() if page.mistakes} == {}


def test_no_identifier_stands_twice_in_a_page(read):
    twice = {
        path: sorted({one for one in page.ids if page.ids.count(one) > 1})
        for path, page in read.items()
        if len(set(page.ids)) < len(page.ids)
    }
    assert twice == {}


def test_every_page_has_a_title_of_its_own_and_one_heading(read):
    assert [path for path, page in read.items() if page.headings != 1] == []
    assert [path for path, page in read.items() if not page.title.strip()] == []


def test_every_internal_link_resolves(read, site):
    files = {path.relative_to(site).as_posix() for path in site.rglob("*.*")}
    ids = {path: set(page.ids) for path, page in read.items()}
    broken, followed = set(), 0
    for path, page in read.items():
        for link in page.links + page.loads:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            followed += 1
            assert not link.startswith("/"), f"{path}: {link} does not open from disk"
            target = path
            if parts.path:
                folder = posixpath.dirname(path)
                target = posixpath.normpath(posixpath.join(folder, unquote(parts.path)))
            # What a script reads after the sign # is no place of the page.
            is_place = PLACE.fullmatch(parts.fragment) and target.endswith(".html")
            if target not in files or (is_place and parts.fragment not in ids[target]):
                broken.add((path, link))
    assert followed > 20_000
    assert broken == set()


def test_nothing_is_loaded_from_elsewhere(read, site):
    assert {
        load for page in read.values() for load in page.loads if urlsplit(load).scheme
    } == set()
    for file in (site / "static").rglob("*.*"):
        text = file.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http:" not in text, file
        assert "https:" not in text, file
        assert "@import" not in text, file


def test_links_to_sources_go_to_official_or_public_pages(read):
    outside = {
        link for page in read.values() for link in page.links if urlsplit(link).scheme
    }
    assert len(outside) > 20
    assert {urlsplit(link).scheme for link in outside} <= {"http", "https"}


def test_both_languages_have_the_same_pages(read):
    english = {path[3:] for path in read if path.startswith("en/")}
    french = {path[3:] for path in read if path.startswith("fr/")}
    assert english == french
    for path, page in read.items():
        if path[:3] in ("en/", "fr/"):
            other = ("fr/" if path.startswith("en/") else "en/") + path[3:]
            to_other = posixpath.relpath(other, posixpath.dirname(path))
            assert to_other in page.links, path
