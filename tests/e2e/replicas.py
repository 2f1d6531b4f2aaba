"""More processes of one service on the town's servers: they share its store and its partitions."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from deploy.local.processes import free_port, service
from tests.e2e.town import Town


@contextmanager
def replicas(town: Town, name: str, count: int) -> Iterator[list[str]]:
    """The addresses of `count` processes of a service; the town's own is one of them."""
    with ExitStack() as running:
        urls = [town.url(name)]
        for n in range(1, count):
            process = service(
                name,
                port=free_port(),
                log=town.directory / f"{name}-{n}.log",
                env=town.settings(name),
            )
            running.callback(process.kill)
            process.start()
            urls.append(process.url)
            process.wait_ready()
        yield urls
