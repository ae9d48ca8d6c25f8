from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from cms import env
from cms.readers import BASE_DIR

PRODUCTION = {
    "PUBLIC_BASE_URL": "https://cms.example.org",
    "SECRET_KEY": "0123456789" * 5,
    "DATABASE_URL": "postgres://clinicast:pass%2Fword@db.example.org:5433/clinicast",
}


def problems(**changed: str) -> dict[str, str]:
    """What is wrong with a production environment after these changes."""
    with pytest.raises(env.WrongEnvironment) as caught:
        env.read(PRODUCTION | changed)
    return dict(caught.value.problems)


def test_nothing_has_to_be_set_on_ones_own_machine():
    environment = env.read({})

    assert environment.public_base_url == "http://localhost:8000"
    assert environment.database is None
    assert not environment.debug


def test_an_empty_variable_counts_as_absent():
    assert env.read({"DEBUG": "", "DATABASE_URL": " "}).database is None


def test_a_complete_production_environment_is_accepted():
    environment = env.read(PRODUCTION | {"ALLOWED_HOSTS": "a.org, b.org,"})

    assert not environment.is_local
    assert environment.host == "cms.example.org"
    assert environment.allowed_hosts == ["a.org", "b.org"]


def test_a_database_url_gives_every_part_unquoted():
    url = "postgresql://u%40x:p%3Aw@h:5433/name?sslmode=require&host=/run/pg"

    database = env.read({"DATABASE_URL": url}).database

    assert database is not None
    assert (database["USER"], database["PASSWORD"]) == ("u@x", "p:w")
    assert (database["HOST"], database["PORT"]) == ("/run/pg", "5433")
    assert (database["NAME"], database["OPTIONS"]) == ("name", {"sslmode": "require"})


def test_all_that_is_wrong_is_said_at_once():
    found = problems(DEBUG="perhaps", LOG_LEVEL="loud", EMAIL_URL="ftp://x")

    assert set(found) == {"DEBUG", "LOG_LEVEL", "EMAIL_URL"}
    assert "true or false" in found["DEBUG"]


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("SECRET_KEY", "", "Make one"),
        ("SECRET_KEY", "too short", "Make one"),
        ("SECRET_KEY", "a" * 80, "Make one"),
        ("PUBLIC_BASE_URL", "http://cms.example.org", "https://"),
        ("PUBLIC_BASE_URL", "cms.example.org", "https://"),
        ("PUBLIC_BASE_URL", "https://cms.example.org:port", "address"),
        ("PUBLIC_BASE_URL", "https://cms.example.org/?q=1", "leave out"),
        ("DATABASE_URL", "", "postgres://"),
        ("DATABASE_URL", "mysql://db/clinicast", "postgres://"),
        ("DATABASE_URL", "postgres://db.example.org", "names no database"),
        ("DATABASE_URL", "postgres://db:99999/clinicast", "port"),
        ("DEBUG", "true", "turn it off"),
        ("RATE_LIMIT", "many", "whole number"),
        ("RATE_LIMIT", "-1", "whole number"),
        ("RATE_LIMIT", "1000001", "whole number"),
        ("TRUSTED_PROXIES", "11", "whole number"),
        ("REDIS_URL", "localhost:6379", "redis://"),
        ("REDIS_URL", "redis://cache.example.org:99999", "port"),
        ("REDIS_URL", "redis://cache.example.org/0?no_such=1", "without options"),
    ],
)
def test_production_refuses_to_start_and_says_what_to_do(
    name: str, value: str, advice: str
):
    found = problems(**{name: value})

    assert list(found) == [name]
    assert advice in found[name]


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_a_password_is_in_no_message(name: str):
    found = problems(**{name: "mysql://root:hunter2@db/clinicast"})

    assert "hunter2" not in found[name]


def test_secrets_are_not_shown_with_the_environment():
    assert PRODUCTION["SECRET_KEY"] not in repr(env.read(PRODUCTION))


def test_the_secret_key_of_a_data_folder_stays_the_same(tmp_path: Path):
    key = env.kept_secret_key(tmp_path / "data")

    assert env.kept_secret_key(tmp_path / "data") == key
    assert len(key) >= env.SECRET_KEY_LENGTH
    assert (tmp_path / "data" / "secret-key").stat().st_mode & 0o077 == 0


def test_every_default_can_be_read():
    for variable in env.VARIABLES.values():
        variable.reader(variable.default)


def test_the_command_line_shows_what_is_wrong_and_no_traceback():
    wrong = {"LOG_LEVEL": "loud", "DEBUG": "perhaps"}
    wrong["DJANGO_SETTINGS_MODULE"] = "cms.settings"

    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=BASE_DIR,
        env=os.environ | wrong,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "LOG_LEVEL is 'loud'" in done.stderr
    assert "DEBUG is 'perhaps'" in done.stderr
    assert "Traceback" not in done.stderr


def test_commands_beside_a_demo_know_where_it_listens(tmp_path):
    ports = {"web": 9000, "microsite": 9001, "partner": 9002}
    (tmp_path / env.DEMO_PORTS).write_text(json.dumps(ports))
    beside = {"CLINICAST_DATA_DIR": str(tmp_path)}

    assert env.read(beside).public_base_url == "http://localhost:9000"
    told = beside | {"PUBLIC_BASE_URL": "http://localhost:8000"}
    assert env.read(told).public_base_url == "http://localhost:8000"


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"web": "x"}'])
def test_a_broken_note_of_a_demo_is_passed_over(tmp_path, text):
    (tmp_path / env.DEMO_PORTS).write_text(text)

    url = env.read({"CLINICAST_DATA_DIR": str(tmp_path)}).public_base_url

    assert url == "http://localhost:8000"


def test_the_table_of_the_docs_is_the_one_that_the_code_prints(
    capsys: pytest.CaptureFixture[str],
):
    call_command("variables")

    assert capsys.readouterr().out in (BASE_DIR / "docs/operating.md").read_text()
