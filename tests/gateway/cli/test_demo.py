"""What the demo invites to ask."""

from harness import Gateway

from gateway.cli.demo import QUERIES


def test_the_demos_queries_show_jobs_and_partners(shared: Gateway) -> None:
    of_jobs, of_partners = (shared.ask(query, token=shared.partner).data for query in QUERIES)
    assert len(of_jobs["jobs"]["nodes"]) == 2
    found = of_partners["partners"]
    assert (found["totalCount"], {node["name"] for node in found["nodes"]}) == (
        2,
        {"Nordlys Commerce", "Ærlig Design & Co."},
    )
