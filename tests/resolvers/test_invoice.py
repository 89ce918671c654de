"""What was offered and billed for jobs."""


def test_proposals_and_invoices_of_a_job_come_newest_first(shared):
    answer = shared.ask("""{
      job(id: "gid://partners/Job/8") {
        proposals { __typename id amount { amount currencyCode } description status createdAt job { id } }
        invoices {
          __typename id number amount { amount currencyCode } status issuedAt paidAt job { id }
          sale { __typename id netAmount { amount } }
        }
      }
    }""")
    assert answer.data["job"] == {
        "proposals": [
            {
                "__typename": "Proposal",
                "id": "gid://partners/Proposal/9",
                "amount": {"amount": "50.00", "currencyCode": "USD"},
                "description": "",
                "status": "SENT",
                "createdAt": "2023-08-10T07:00:00.000000Z",
                "job": {"id": "gid://partners/Job/8"},
            },
            {
                "__typename": "Proposal",
                "id": "gid://partners/Proposal/8",
                "amount": {"amount": "999.99", "currencyCode": "USD"},
                "description": "Wholesale shop\n- price groups\n- net 30",
                "status": "ACCEPTED",
                "createdAt": "2023-08-10T07:00:00.000000Z",
                "job": {"id": "gid://partners/Job/8"},
            },
        ],
        "invoices": [
            {
                "__typename": "Invoice",
                "id": "gid://partners/Invoice/7",
                "number": "1006",
                "amount": {"amount": "50.00", "currencyCode": "USD"},
                "status": "OPEN",
                "issuedAt": "2023-10-20T08:00:00.000000Z",
                "paidAt": None,
                "job": {"id": "gid://partners/Job/8"},
                "sale": None,
            },
            {
                "__typename": "Invoice",
                "id": "gid://partners/Invoice/6",
                "number": "1005",
                "amount": {"amount": "999.99", "currencyCode": "USD"},
                "status": "PAID",
                "issuedAt": "2023-10-20T08:00:00.000000Z",
                "paidAt": "2023-10-31T23:59:59.999999Z",
                "job": {"id": "gid://partners/Job/8"},
                "sale": {
                    "__typename": "ServiceSale",
                    "id": "gid://partners/ServiceSale/4",
                    "netAmount": {"amount": "899.99"},
                },
            },
        ],
    }
    # The job, what was offered, what was billed, the job that both refer to, and the sale.
    assert answer.statements == 5


def test_a_job_without_anything_has_empty_lists(shared):
    answer = shared.ask("""{
      job(id: "gid://partners/Job/7") {
        requirements { question } services { name } proposals { id } invoices { id }
      }
    }""")
    assert answer.data["job"] == {"requirements": [], "services": [], "proposals": [], "invoices": []}
    assert answer.statements == 5


def test_services_and_answers_keep_the_order_of_the_merchant(shared):
    answer = shared.ask("""{
      job(id: "gid://partners/Job/12") { services { handle } }
      other: job(id: "gid://partners/Job/6") { requirements { question responses } }
    }""")
    assert answer.data == {
        "job": {
            "services": [
                {"handle": "email-marketing"},
                {"handle": "content-marketing"},
                {"handle": "social-media-marketing"},
                {"handle": "analytics-and-tracking"},
            ]
        },
        "other": {
            "requirements": [
                {"question": "您需要什麼？", "responses": ["搬家", "三百個商品", "繁體中文"]},
                {"question": "When should the work be finished?", "responses": ["2023 年端午節前"]},
            ]
        },
    }
    assert answer.statements == 3


def test_each_relation_of_all_jobs_costs_one_statement(shared):
    for relation, statements in {
        "shop { name }": 2,
        "services { handle }": 2,
        "requirements { question }": 2,
        "conversation { status }": 2,
        "conversation { merchantUser { name } }": 3,
        "proposals { id }": 2,
        "proposals { job { id } }": 3,
        "invoices { id }": 2,
        "invoices { sale { id } }": 3,
        "a: shop { name } b: shop { avatarUrl }": 2,
        "shop { name } proposals { job { shop { name } } }": 4,
    }.items():
        assert shared.ask(f"{{ jobs {{ nodes {{ {relation} }} }} }}").statements == statements, relation
