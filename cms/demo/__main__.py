"""Run a whole Clinicast on this machine: what `make demo` and `make stop` do."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
from functools import partial
from types import FrameType
from typing import NoReturn

import django

from cms.database.account import NoEmbeddedDatabase
from cms.database.cluster import Cluster
from cms.demo import leftovers
from cms.demo.lock import DemoLock
from cms.demo.parts import Ports, WrongPorts, parts
from cms.demo.supervisor import DemoFailed, Supervisor, say
from cms.env import Environment, WrongEnvironment, read

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STOP_S = 40


def main() -> int:
    """Do what the command line says; return the exit code."""
    arguments = command_line().parse_args()
    ports = Ports(
        arguments.port,
        arguments.microsite_port,
        arguments.partner_port,
        arguments.others_port,
    )
    os.environ["DJANGO_SETTINGS_MODULE"] = "cms.settings"
    os.environ["PUBLIC_BASE_URL"] = ports.base_url
    try:
        if arguments.stop:
            stop(read())
        else:
            ports.check()
            run(ports, read())
    except (DemoFailed, NoEmbeddedDatabase, WrongEnvironment, WrongPorts) as error:
        say(str(error))
        return 1
    return 0


def command_line() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m cms.demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="of CMS and API")
    parser.add_argument("--microsite-port", type=int, default=8001)
    parser.add_argument("--partner-port", type=int, default=8002)
    parser.add_argument(
        "--others-port",
        type=int,
        default=0,
        help="of the first of the other four microsites; else behind the highest",
    )
    parser.add_argument("--stop", action="store_true", help="stop a running demo")
    return parser


def run(ports: Ports, environment: Environment) -> None:
    """Run a demo until a signal ends it. Raises DemoFailed and its kin."""
    with DemoLock(environment.data_dir) as lock:
        if not lock.take():
            raise DemoFailed(
                f"A demo is running already (process {lock.holder()}). Stop it with "
                "make stop, or give this one a folder of its own: CLINICAST_DATA_DIR."
            )
        for number in SIGNALS:
            signal.signal(number, interrupt)
        cluster = embedded(environment)
        demo = Supervisor(parts(ports), environment.data_dir, partial(mend, cluster))
        try:
            end_leftovers(environment)
            refuse_taken_ports(ports)
            greeting = prepare(ports, cluster)
            say("Starting web, microsite, partner page and worker ...")
            demo.start()
            say(greeting)
            demo.watch()
        except KeyboardInterrupt:
            say("Stopping ...")
        finally:
            demo.stop()
            if cluster:
                cluster.stop()
    say("Stopped.")


def stop(environment: Environment) -> None:
    """Stop the demo, whoever started it, and what a killed one left running."""
    with DemoLock(environment.data_dir) as lock:
        if not lock.take():
            os.kill(lock.holder(), signal.SIGTERM)
            if not lock.take(within_s=STOP_S):
                os.kill(lock.holder(), signal.SIGKILL)
                lock.take(within_s=STOP_S)
        end_leftovers(environment)
        if cluster := embedded(environment):
            cluster.stop()
    say("Nothing of the demo is running now.")


def interrupt(number: int, frame: FrameType | None) -> NoReturn:
    """Begin to stop; whoever is impatient must not interrupt that."""
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def embedded(environment: Environment) -> Cluster | None:
    return None if environment.database else Cluster(environment.data_dir)


def mend(cluster: Cluster | None) -> None:
    if cluster and not cluster.answers():
        say("PostgreSQL has ended. Starting it again.")
        cluster.start()


def end_leftovers(environment: Environment) -> None:
    if left := leftovers.of(environment.data_dir):
        say(f"Ending {len(left)} processes that an earlier demo left running ...")
        leftovers.end(left)


def refuse_taken_ports(ports: Ports) -> None:
    taken = [port for port in ports.all if not is_free(port)]
    if taken:
        who = [f"{port} ({leftovers.holder(port) or 'unknown'})" for port in taken]
        raise DemoFailed(
            f"Taken by another program: port {', '.join(who)}. Choose others, like\n"
            "    make demo PORT=8100 MICROSITE_PORT=8101 PARTNER_PORT=8102"
        )


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def prepare(ports: Ports, cluster: Cluster | None) -> str:
    """Make the database ready; return what to tell the person at the terminal."""
    if cluster:
        say(f"Starting PostgreSQL in {cluster.home} ...")
        cluster.start()
    say("Preparing the database and the sample content ...")
    django.setup()
    # Django's models can be imported from here on, and not before.
    from cms.demo import preparation

    return preparation.prepare(ports)


if __name__ == "__main__":
    sys.exit(main())
