"""The server under test: in the process for speed, and as a process of its own."""

import pytest
from openfisca_web_api.app import create_app
from running_server import find_nginx, proxied, serving

from openfisca_isv.situations.limits import Limits
from openfisca_isv.web.api.application import create_application


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Run a server with the limits it has by default."""
    with serving(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="session")
def nginx(tmp_path_factory):
    """Give the path of nginx."""
    return find_nginx(tmp_path_factory.mktemp("nginx"))


@pytest.fixture(scope="session")
def front(nginx, tmp_path_factory):
    """Run nginx in front of a server with the limits it has by default."""
    with proxied(nginx, tmp_path_factory.mktemp("front")) as (running, _):
        yield running


@pytest.fixture(scope="session")
def client(system):
    """Give the application, without a server around it."""
    return create_application(system, limits=Limits()).test_client()


@pytest.fixture(scope="session")
def engine(system):
    """Give OpenFisca's own application, as ``openfisca serve`` serves it."""
    app = create_app(system)
    app.logger.disabled = True
    return app.test_client()


@pytest.fixture
def situation():
    """Give a correct situation, to be changed."""
    return {
        "missions": {
            "first": {
                "start_date": {"ETERNITY": "2022-01-10"},
                "end_date": {"ETERNITY": "2023-01-09"},
                "host_country": {"ETERNITY": "KH"},
                "contract_monthly_allowance": {"ETERNITY": 500},
                "contract_is_lawful": {"ETERNITY": None},
            },
            "second": {
                "start_date": {"ETERNITY": "2023-01-10"},
                "end_date": {"ETERNITY": "2024-01-09"},
                "allowance_due": {"2023-02": None},
            },
        },
        "volunteers": {
            "sam": {
                "missions": ["first", "second"],
                "birth_date": {"ETERNITY": "1993-11-30"},
                "dependants_count": {"2023-01": 2},
            }
        },
        "organisations": {
            "association": {
                "missions": ["first", "second"],
                "legal_form": {"ETERNITY": "french_law_association"},
            }
        },
    }
