"""Partners and the words of the directory as anyone reads them."""

import pytest

PROFILE = """query ($id: ID, $slug: String) { partner(id: $id, slug: $slug) {
  id name slug location { city countryCode countryName } additionalLocations { city countryName }
  languages { code } industries { handle } socialLinks { network url }
  averageRating averageQualityRating averageCommunicationRating reviewCount startingPrice { amount currencyCode }
} }"""
NORDLYS = {
    "id": "gid://partners/Partner/1",
    "name": "Nordlys Commerce",
    "slug": "nordlys-commerce",
    "location": {"city": "Tromsø", "countryCode": "NO", "countryName": "Norway"},
    "additionalLocations": [
        {"city": "Bodø", "countryName": "Norway"},
        {"city": "Malmö", "countryName": "Sweden"},
        {"city": None, "countryName": "Denmark"},
    ],
    "languages": [{"code": "en"}, {"code": "sv"}, {"code": "no"}],
    "industries": [{"handle": "HOME_GARDEN"}, {"handle": "SPORTS_RECREATION"}],
    "socialLinks": [
        {"network": "instagram", "url": "https://instagram.example.com/nordlys"},
        {"network": "linkedin", "url": "https://linkedin.example.com/company/nordlys"},
        {"network": "youtube", "url": "https://youtube.example.com/@nordlys"},
    ],
    "averageRating": "3.38",
    "averageQualityRating": "3.25",
    "averageCommunicationRating": "3.50",
    "reviewCount": 4,
    "startingPrice": {"amount": "50.00", "currencyCode": "USD"},
}


@pytest.mark.parametrize("given", [{"id": "gid://partners/Partner/1"}, {"slug": "nordlys-commerce"}])
def test_a_partner_is_found_by_id_or_slug(shared, given):
    answer = shared.ask(PROFILE, given, token=None)
    assert answer.data["partner"] == NORDLYS
    # The partner, its four lists, and the countries of its main place and of the others.
    assert answer.statements == 7


@pytest.mark.parametrize("given", [{}, {"id": "gid://partners/Partner/1", "slug": "nordlys-commerce"}, {"id": None}])
def test_a_partner_is_asked_for_in_one_way(shared, given):
    assert shared.ask(PROFILE, given).codes == [(["partner"], "INVALID_ARGUMENT")]


@pytest.mark.parametrize("given", [{"id": "gid://partners/Partner/999"}, {"slug": "nobody"}, {"slug": ""}])
def test_a_partner_that_is_not_there_is_null(shared, given):
    assert shared.ask(PROFILE, given).data == {"partner": None}


def test_a_partner_without_reviews_and_prices_has_no_averages(shared):
    document = (
        '{ partner(slug: "aerlig-design") { averageRating averageQualityRating reviewCount startingPrice { amount } } }'
    )
    nothing = {"averageRating": None, "averageQualityRating": None, "reviewCount": 0, "startingPrice": None}
    assert shared.ask(document).data["partner"] == nothing


def test_every_relation_of_a_list_costs_one_statement(shared):
    relations = {
        "organization { name }": 1,
        "languages { name }": 1,
        "industries { name }": 1,
        "additionalLocations { city }": 1,
        "socialLinks { url }": 1,
        "location { countryName }": 1,
        "serviceOfferings(first: 2) { nodes { pricing minPrice { amount currencyCode } } }": 1,
        "serviceOfferings(first: 2) { nodes { service { name category { name } partnerCount } } }": 4,
        "reviews(first: 1) { nodes { averageRating service { name } partner { name } } }": 3,
    }
    for selected, statements in relations.items():
        assert shared.ask(f"{{ partners {{ nodes {{ {selected} }} }} }}", token=None).statements == 1 + statements


def test_each_partner_has_its_own_offerings_and_reviews(shared):
    parts = "serviceOfferings(first: 2) { nodes { id } } reviews(first: 2) { nodes { id averageRating } }"
    nodes = shared.ask(f"{{ partners {{ nodes {{ id {parts} }} }} }}", token=None).data["partners"]["nodes"]
    for node in nodes:
        alone = shared.ask(f'{{ partner(id: "{node["id"]}") {{ id {parts} }} }}', token=None).data["partner"]
        assert node == alone
    assert sum(len(node["serviceOfferings"]["nodes"]) for node in nodes) > len(nodes)


def test_the_services_come_in_their_categories(shared):
    answer = shared.ask("{ serviceCategories { handle services { handle category { handle } } } }", token=None)
    categories = answer.data["serviceCategories"]
    assert (len(categories), sum(len(category["services"]) for category in categories)) == (6, 36)
    assert categories[0]["services"][0]["handle"] == "SET_UP_PRODUCTS_AND_COLLECTIONS"
    for category in categories:
        assert {service["category"]["handle"] for service in category["services"]} == {category["handle"]}
    assert answer.statements == 3


@pytest.mark.parametrize(("handle", "found"), [("CUSTOMIZE_THEME", {"partnerCount": 2}), ("KNITTING", None)])
def test_a_service_counts_its_listed_partners(shared, handle, found):
    document = f'{{ directoryService(handle: "{handle}") {{ partnerCount }} }}'
    assert shared.ask(document, token=None).data["directoryService"] == found


def test_only_a_merchant_reads_the_code_of_its_shop(shared):
    document = "{ viewer { collaboratorRequestCode partner { slug } } }"
    told = {
        token: shared.ask(document, token=token).data["viewer"] for token in (shared.partner, shared.merchant, None)
    }
    code = told[shared.merchant]["collaboratorRequestCode"]
    assert len(code) == 4
    assert code.isdigit()
    assert told == {
        shared.partner: {"collaboratorRequestCode": None, "partner": {"slug": "nordlys-commerce"}},
        shared.merchant: {"collaboratorRequestCode": code, "partner": None},
        None: {"collaboratorRequestCode": None, "partner": None},
    }


def test_what_is_left_of_the_marketplace_leads_to_the_directory(shared):
    document = """{
      job(id: "gid://partners/Job/1") { partner { slug } services { replacement { handle } } }
      conversation(id: "gid://partners/Conversation/1") { partner { organization { partner { slug } } } }
    }"""
    data = shared.ask(document).data
    assert data["job"]["partner"] == {"slug": "nordlys-commerce"}
    assert all(service["replacement"]["handle"] for service in data["job"]["services"])
    assert data["conversation"]["partner"]["organization"]["partner"] == {"slug": "nordlys-commerce"}
