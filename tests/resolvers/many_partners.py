"""Partners by the thousand, made by SQL: all that they are found by is as if by chance, and always alike."""

from sqlalchemy import Connection, text

from fixtures.search import words_gathered_at_the_end

# Ids of the first of them; those of the fixtures are small.
FIRST = 1_000_000

_NUMBERS = {
    "postgresql": "WITH s AS (SELECT generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n)",
    "sqlite": "WITH RECURSIVE s(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM s WHERE n < :last)",
}
# A number below 997 for the partner n and the word k, far from that of their neighbours.
_CHANCE = "((({n} % 7919) * 7907 + ({n} / 7919) * 613 + {k} * 104729 + ({n} % 31) * {k} * 17) % 997)"


def _chance(k: str, n: str = "n") -> str:
    return _CHANCE.format(n=n, k=k)


# Services and languages are spread unevenly: some have one partner in thirty, others one in three.
_OFFERED = f"{_chance('d.position')} < 30 + (d.position * 37) % 290"
_STATEMENTS = [
    """
    INSERT INTO organizations (id, name, created_at)
    {s} SELECT n, 'Organization ' || n, '2023-06-15T00:00:00.000000Z' FROM s
    """,
    f"""
    INSERT INTO partners (
        organization_id, id, name, name_key, slug, description, tier, accepts_new_clients, city, city_key, country_code,
        listed, listed_at, review_count, quality_total_hundredths, communication_total_hundredths, starting_price_cents
    ) {{s}}, places AS (SELECT code, row_number() OVER (ORDER BY code) AS position FROM countries)
    SELECT n, n,
        {_chance("1")} || CASE n % 3 WHEN 0 THEN ' Ørsted ' WHEN 1 THEN ' studio ' ELSE ' 店 ' END || n,
        {_chance("1")} || CASE n % 3 WHEN 0 THEN ' orsted ' WHEN 1 THEN ' studio ' ELSE ' 店 ' END || n,
        'partner-' || n,
        CASE WHEN {_chance("2")} < 300 THEN 'Stores for brands that ship abroad' ELSE 'Small and large stores' END,
        CASE {_chance("3")} / 100
            WHEN 0 THEN 'PLATINUM' WHEN 1 THEN 'PREMIER' WHEN 2 THEN 'PLUS' WHEN 3 THEN 'SELECT' END,
        {_chance("4")} < 750, 'City ' || {_chance("5")}, 'city ' || {_chance("5")}, places.code,
        {_chance("6")} < 950, '2023-06-15T00:00:00.000000Z', n % 40,
        (n % 40) * (100 + {_chance("7")} * 40 / 100), (n % 40) * (100 + {_chance("8")} * 40 / 100), NULL
    FROM s JOIN places ON places.position = 1 + ({_chance("9")} * {_chance("10")} / 997) % (SELECT count(*) FROM places)
    """,
    f"""
    INSERT INTO service_offerings (
        organization_id, id, partner_id, service_handle, pricing, min_price_cents, max_price_cents, featured
    ) {{s}}, prices AS (
        SELECT n, d.handle, d.position, {_chance("d.position + 50")} AS chance
        FROM s JOIN directory_services AS d ON {_OFFERED}
    )
    SELECT n, n * 100 + position, n, handle,
        CASE WHEN chance < 300 THEN 'CONTACT' WHEN chance < 700 THEN 'STARTING_AT' ELSE 'RANGE' END,
        CASE WHEN chance >= 300 THEN chance * 500 END, CASE WHEN chance >= 700 THEN chance * 1500 END, {{false}}
    FROM prices
    """,
    """
    UPDATE partners SET starting_price_cents = (
        SELECT min(min_price_cents) FROM service_offerings
        WHERE service_offerings.organization_id = partners.organization_id
    ) WHERE organization_id >= CAST(:first AS bigint)
    """,
    f"""
    INSERT INTO partner_languages (organization_id, partner_id, language_code) {{s}}
    SELECT n, n, code FROM s
    JOIN languages AS d ON {_chance("d.position + 100")} < CASE d.position WHEN 0 THEN 900 ELSE 30 END
    """,
    f"""
    INSERT INTO partner_industries (organization_id, partner_id, industry_handle) {{s}}
    SELECT n, n, handle FROM s JOIN industries AS d ON {_chance("d.position + 200")} < 130
    """,
    f"""
    INSERT INTO partner_locations (organization_id, partner_id, position, city, city_key, country_code)
    {{s}}, places AS (SELECT code, row_number() OVER (ORDER BY code) AS position FROM countries)
    SELECT n, n, 0, NULL, NULL, places.code FROM s
    JOIN places ON places.position = 1 + {_chance("11")} % (SELECT count(*) FROM places) WHERE n % 4 = 0
    """,
]


def fill(connection: Connection, count: int) -> None:
    dialect = connection.dialect.name
    values = {"first": FIRST, "last": FIRST + count - 1}
    spelled = {"s": _NUMBERS[dialect], "false": "false" if dialect == "postgresql" else "0"}
    if dialect == "postgresql":
        # The rows refer to each other as they are made: to look that up half a million times takes minutes.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
    with words_gathered_at_the_end(connection):
        for statement in _STATEMENTS:
            written = statement.format(**spelled)
            if dialect == "postgresql":
                written = written.replace("'2023-06-15T00:00:00.000000Z'", "timestamptz '2023-06-15T00:00:00Z'")
            connection.execute(text(written), {name: value for name, value in values.items() if f":{name}" in written})
    connection.execute(text("ANALYZE"))
