"""Connections that are opened: once for whoever needs one, whether or not the first who asked still waits."""

import asyncio

import pytest

from gateway.reading.connections import Connections


class Connection:
    def __init__(self) -> None:
        self.is_open = True

    def is_closed(self) -> bool:
        return not self.is_open

    def terminate(self) -> None:
        self.is_open = False

    async def close(self, **_: float) -> None:
        self.is_open = False


class Server:
    """Lets nobody in before `door` is set; `away` refuses all."""

    def __init__(self) -> None:
        self.door = asyncio.Event()
        self.away = False
        self.let_in: list[Connection] = []

    async def connect(self) -> Connection:
        await self.door.wait()
        if self.away:
            raise ConnectionRefusedError
        self.let_in.append(Connection())
        return self.let_in[-1]


async def given_up(connections: Connections) -> None:
    taking = asyncio.create_task(connections.take())
    await asyncio.sleep(0)
    taking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await taking


def test_what_is_opened_for_who_gave_up_is_for_whoever_comes_next():
    async def run() -> None:
        server = Server()
        connections = Connections(server.connect, most=1)
        await given_up(connections)
        waiting = asyncio.create_task(connections.take())
        await asyncio.sleep(0)
        server.door.set()
        assert [await asyncio.wait_for(waiting, 5)] == server.let_in
        connections.give(server.let_in[0])
        assert connections.idle() is server.let_in[0]

    asyncio.run(run())


def test_a_place_is_free_again_when_nobody_waited_for_the_refusal():
    async def run() -> None:
        server = Server()
        connections = Connections(server.connect, most=1)
        server.away = True
        await given_up(connections)
        server.door.set()
        await asyncio.sleep(0.01)
        server.away = False
        assert [await asyncio.wait_for(connections.take(), 5)] == server.let_in

    asyncio.run(run())


def test_what_is_still_being_opened_is_closed_too():
    async def run() -> None:
        server = Server()
        connections = Connections(server.connect, most=1)
        await given_up(connections)
        asyncio.get_running_loop().call_later(0.01, server.door.set)
        await connections.close()
        assert [connection.is_open for connection in server.let_in] == [False]
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(run())


async def waiting(connections: Connections) -> asyncio.Task[Connection]:
    taking = asyncio.create_task(connections.take())
    await asyncio.sleep(0)
    return taking


def test_what_is_given_back_goes_to_who_has_waited_longest():
    async def run() -> None:
        server = Server()
        server.door.set()
        connections = Connections(server.connect, most=1)
        taken = await connections.take()
        assert connections.all_in_use()
        first, second = await waiting(connections), await waiting(connections)
        connections.give(taken)
        # Whoever comes now does not overtake those who wait.
        assert connections.idle() is None
        assert await first is taken
        connections.give(taken)
        assert await second is taken
        connections.give(taken)
        assert connections.idle() is taken

    asyncio.run(run())


def test_who_is_cancelled_when_the_turn_has_come_passes_it_on():
    async def run() -> None:
        server = Server()
        server.door.set()
        connections = Connections(server.connect, most=1)
        taken = await connections.take()
        first, second = await waiting(connections), await waiting(connections)
        connections.give(taken)
        first.cancel()
        assert await asyncio.wait_for(second, 5) is taken

    asyncio.run(run())


def test_nobody_is_handed_what_was_forgotten_meanwhile():
    async def run() -> None:
        server = Server()
        server.door.set()
        connections = Connections(server.connect, most=1)
        taken = await connections.take()
        next_one = await waiting(connections)
        connections.give(taken)
        connections.forget()
        assert await asyncio.wait_for(next_one, 5) is server.let_in[1]
        assert not taken.is_open

    asyncio.run(run())
