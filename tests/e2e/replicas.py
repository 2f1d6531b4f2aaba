"""More processes of one service on the town's servers: they share its store and its partitions."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from deploy.local.processes import free_port, service
from tests.e2e.town import ALL_READY_WITHIN, Town


@contextmanager
def replicas(town: Town, name: str, count: int) -> Iterator[list[str]]:
    """The addresses of `count` processes of a service; the town's own is one of them."""
    with ExitStack() as running:
        more = [
            service(
                name,
                port=free_port(),
                log=town.directory / f"{name}-{n}.log",
                env=town.settings(name),
            )
            for n in range(1, count)
        ]
        for process in more:
            running.callback(process.kill)
            process.start()
        for process in more:
            process.wait_ready(ALL_READY_WITHIN)
        yield [town.url(name), *(process.url for process in more)]
