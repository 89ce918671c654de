"""Where people see in the partner dashboard what the API tells. The dashboard is the platform's own, not ours."""

DASHBOARD = "https://partners.shopify.com"


def job_url(organization_id: int, job_id: int) -> str:
    return f"{DASHBOARD}/{organization_id}/jobs/{job_id}"


def conversation_url(organization_id: int, conversation_id: int) -> str:
    return f"{DASHBOARD}/{organization_id}/conversations/{conversation_id}"
