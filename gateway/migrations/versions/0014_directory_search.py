"""Partners can be searched by the words of their name, services and description; triggers keep it right.

`partner_search` is a table of tsvectors on PostgreSQL and one of FTS5 on SQLite, whose rowid is the organization's id:
each has one partner. Both compare words without case and accents.
"""

from alembic import op

revision = "0014"
down_revision = "0013"

# To SQLite all but letters and digits separates words. PostgreSQL would take "Wholesale/B2B" for a path, so punctuation
# goes first: that of ASCII and Latin-1, that of Unicode in general, and that of Chinese and Japanese.
PUNCTUATION = (
    r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf"
    r"\u2000-\u206f\u3000-\u3004\u3008-\u303f\uff01-\uff0f]+"
)
ACCENTS = r"[\u0300-\u036f]"
# Letters that Unicode does not take apart, in both cases: SQLite, and PostgreSQL in the locale C, know those of ASCII.
STROKED = "øo đd ðd łl ıi æae œoe þth ßss ØO ĐD ÐD ŁL ÆAE ŒOE ÞTH"
LETTERS = {pair[0]: pair[1:].lower() for pair in STROKED.split()}


def plain(text: str) -> str:
    for letter, ascii_letters in LETTERS.items():
        text = f"replace({text}, '{letter}', '{ascii_letters}')"
    return text


# The names of what a row of `partners` offers, as one text.
SERVICES = """
    SELECT {aggregate} FROM service_offerings
    JOIN directory_services ON directory_services.handle = service_offerings.service_handle
    WHERE service_offerings.organization_id = partners.organization_id AND service_offerings.partner_id = partners.id
"""

TABLE_POSTGRESQL = f"""
    CREATE FUNCTION directory_fold(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT AS $$
        SELECT regexp_replace(
            lower({plain("regexp_replace(normalize(value, NFD), '" + ACCENTS + "', '', 'g')")}), '{PUNCTUATION}', ' ', 'g'
        )
    $$;
    CREATE TABLE partner_search (
        organization_id BIGINT PRIMARY KEY REFERENCES partners (organization_id) ON UPDATE CASCADE ON DELETE CASCADE,
        document TSVECTOR NOT NULL
    );
    CREATE VIEW partner_search_source AS
    SELECT partners.organization_id,
        setweight(to_tsvector('simple', directory_fold(partners.name)), 'A')
        || setweight(to_tsvector('simple', directory_fold(coalesce(services.names, ''))), 'B')
        || setweight(to_tsvector('simple', directory_fold(coalesce(partners.description, ''))), 'C') AS document
    FROM partners
    CROSS JOIN LATERAL (
        {SERVICES.format(aggregate="string_agg(name, ' ' ORDER BY position) AS names")}
    ) AS services;
    INSERT INTO partner_search SELECT * FROM partner_search_source;
    CREATE INDEX ix_partner_search_document ON partner_search USING gin (document)
"""

# The lock comes in a statement of its own, so that the next one sees what others committed while it was waited for.
REFRESH_POSTGRESQL = """
    CREATE FUNCTION partner_search_refresh(changed bigint[]) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        IF cardinality(changed) > 0 THEN
            PERFORM 1 FROM partners WHERE organization_id = ANY(changed) ORDER BY organization_id FOR NO KEY UPDATE;
            INSERT INTO partner_search SELECT * FROM partner_search_source WHERE organization_id = ANY(changed)
            ON CONFLICT (organization_id) DO UPDATE SET document = EXCLUDED.document;
        END IF;
    END $$
"""

FUNCTION_POSTGRESQL = """
    CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM partner_search_refresh(ARRAY({changed}));
        RETURN NULL;
    END $$
"""

# Which organizations a change concerns; one of prices, places or ratings concerns none.
CHANGED_POSTGRESQL = {
    "partner_search_of_rows": "SELECT DISTINCT organization_id FROM changed",
    "partner_search_of_partners": """
        SELECT organization_id FROM (
            SELECT organization_id, name, description FROM after
            EXCEPT SELECT organization_id, name, description FROM before
        ) AS changed""",
    "partner_search_of_offerings": """
        SELECT DISTINCT organization_id FROM (
            (SELECT organization_id, service_handle FROM before EXCEPT SELECT organization_id, service_handle FROM after)
            UNION
            (SELECT organization_id, service_handle FROM after EXCEPT SELECT organization_id, service_handle FROM before)
        ) AS changed""",
    "partner_search_of_services": """
        SELECT DISTINCT organization_id FROM service_offerings
        WHERE service_handle IN (SELECT handle FROM (TABLE after EXCEPT TABLE before) AS changed)""",
}

# Of which table, on what, what the changed rows are called, and which function is told.
TRIGGERS_POSTGRESQL = [
    ("partners", "INSERT", "NEW TABLE AS changed", "partner_search_of_rows"),
    ("partners", "UPDATE", "OLD TABLE AS before NEW TABLE AS after", "partner_search_of_partners"),
    ("service_offerings", "INSERT", "NEW TABLE AS changed", "partner_search_of_rows"),
    ("service_offerings", "DELETE", "OLD TABLE AS changed", "partner_search_of_rows"),
    ("service_offerings", "UPDATE", "OLD TABLE AS before NEW TABLE AS after", "partner_search_of_offerings"),
    ("directory_services", "UPDATE", "OLD TABLE AS before NEW TABLE AS after", "partner_search_of_services"),
]

TABLE_SQLITE = "CREATE VIRTUAL TABLE partner_search USING fts5(name, services, description, tokenize='unicode61 remove_diacritics 2')"
SERVICES_SQLITE = SERVICES.format(aggregate="group_concat(directory_services.name, ' ')")
FILL_SQLITE = f"""
    INSERT INTO partner_search (rowid, name, services, description)
    SELECT organization_id, {plain("name")}, ({SERVICES_SQLITE}), {plain("description")} FROM partners
"""
REFRESH_SQLITE = f"""
    UPDATE partner_search SET services = (
        SELECT ({SERVICES_SQLITE}) FROM partners WHERE partners.organization_id = partner_search.rowid
    )
"""
FORGET_SQLITE = "DELETE FROM partner_search WHERE rowid = OLD.organization_id"
OFFERING_SQLITE = "SELECT organization_id FROM service_offerings WHERE service_handle IN (OLD.handle, NEW.handle)"

# On which change of which table, and what is done then for each row.
TRIGGERS_SQLITE = [
    ("INSERT ON partners", f"{FILL_SQLITE} WHERE organization_id = NEW.organization_id"),
    ("DELETE ON partners", FORGET_SQLITE),
    (
        "UPDATE OF organization_id, id, name, description ON partners",
        f"{FORGET_SQLITE}; {FILL_SQLITE} WHERE organization_id = NEW.organization_id",
    ),
    ("INSERT ON service_offerings", f"{REFRESH_SQLITE} WHERE rowid = NEW.organization_id"),
    ("DELETE ON service_offerings", f"{REFRESH_SQLITE} WHERE rowid = OLD.organization_id"),
    (
        "UPDATE OF organization_id, partner_id, service_handle ON service_offerings",
        f"{REFRESH_SQLITE} WHERE rowid IN (OLD.organization_id, NEW.organization_id)",
    ),
    (
        "UPDATE OF handle, name ON directory_services",
        f"{REFRESH_SQLITE} WHERE rowid IN ({OFFERING_SQLITE})",
    ),
]


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        make_postgresql()
    else:
        make_sqlite()


def make_postgresql() -> None:
    for statement in TABLE_POSTGRESQL.split(";"):
        op.execute(statement)
    op.execute(REFRESH_POSTGRESQL)
    for name, changed in CHANGED_POSTGRESQL.items():
        op.execute(FUNCTION_POSTGRESQL.format(name=name, changed=changed))
    for table, event, rows, function in TRIGGERS_POSTGRESQL:
        op.execute(
            f"CREATE TRIGGER partner_search_{event.lower()} AFTER {event} ON {table} REFERENCING {rows}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
        )


def make_sqlite() -> None:
    op.execute(TABLE_SQLITE)
    op.execute(FILL_SQLITE)
    for number, (change, work) in enumerate(TRIGGERS_SQLITE, start=1):
        op.execute(f"CREATE TRIGGER partner_search_{number} AFTER {change} BEGIN {work}; END")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, event, _, _ in TRIGGERS_POSTGRESQL:
            op.execute(f"DROP TRIGGER partner_search_{event.lower()} ON {table}")
        for name in CHANGED_POSTGRESQL:
            op.execute(f"DROP FUNCTION {name}()")
        op.execute("DROP FUNCTION partner_search_refresh(bigint[])")
        op.execute("DROP VIEW partner_search_source")
        op.execute("DROP TABLE partner_search")
        op.execute("DROP FUNCTION directory_fold(text)")
        return
    for number in range(1, len(TRIGGERS_SQLITE) + 1):
        op.execute(f"DROP TRIGGER partner_search_{number}")
    op.execute("DROP TABLE partner_search")
