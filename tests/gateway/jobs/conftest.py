"""A database with its tables, and one more that tells what was done."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import Template
from later import Later


@pytest.fixture
def later(template: Template, tmp_path: Path) -> Iterator[Later]:
    with template.copy(tmp_path) as gateway:
        made = Later(gateway.settings)
        made.sql("CREATE TABLE effects (name VARCHAR(40) PRIMARY KEY)")
        yield made
        made.close()
