"""The walk itself, over a small mutation: it would see a write that is not whole."""

import pytest
from records import added, counts
from test_eventsink import CREATE, GIVEN
from walking import walk


@pytest.mark.slow
def test_a_sink_is_there_whole_or_not_at_all(fresh):
    before = counts(fresh)
    data, statements = walk(fresh, CREATE, {"input": GIVEN}, token=fresh.partner)
    assert data["eventsinkCreate"]["success"]
    # The app is looked for, the sink and its audit are written; SQLite is told to begin.
    assert statements == (3 if fresh.database.is_postgresql else 4)
    assert added(fresh, before) == {"eventsinks": 1, "audit_entries": 1}
