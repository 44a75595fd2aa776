"""The questions to Shopify, in GraphQL; what each gives is what ``feeds`` reads and no more."""

from __future__ import annotations

_MONEY = "{ shopMoney { amount } }"
_END = "pageInfo { hasNextPage endCursor }"
_LINES = f"""{{
  nodes {{
    id title sku quantity currentQuantity
    originalTotalSet {_MONEY} discountedTotalSet {_MONEY}
    taxLines {{ priceSet {_MONEY} }}
  }}
  {_END}
}}"""
_REFUND_LINES = f"{{ nodes {{ subtotalSet {_MONEY} totalTaxSet {_MONEY} }} {_END} }}"
_REFUND_SHIPPING = f"{{ nodes {{ subtotalAmountSet {_MONEY} taxAmountSet {_MONEY} }} {_END} }}"

SHOP = """query Shop {
  shop { name myshopifyDomain ianaTimezone currencyCode }
  currentAppInstallation { accessScopes { handle } }
}"""


def orders(*, customer_data: bool) -> str:
    """Orders by change, each with its first lines and whether it has refunds."""
    personal = "email billingAddress { countryCodeV2 }" if customer_data else ""
    return f"""query Orders($first: Int!, $after: String, $query: String, $nested: Int!) {{
  orders(first: $first, after: $after, sortKey: UPDATED_AT, query: $query) {{
    nodes {{
      id name createdAt processedAt updatedAt cancelledAt test
      displayFinancialStatus displayFulfillmentStatus sourceName currencyCode taxesIncluded
      subtotalPriceSet {_MONEY} totalDiscountsSet {_MONEY} totalShippingPriceSet {_MONEY}
      totalTaxSet {_MONEY} totalPriceSet {_MONEY} currentTotalPriceSet {_MONEY} totalRefundedSet {_MONEY}
      customer {{ id }} {personal}
      customerJourneySummary {{ lastVisit {{ utmParameters {{ source medium campaign }} }} }}
      refunds(first: 1) {{ id }}
      lineItems(first: $nested) {_LINES}
    }}
    {_END}
  }}
}}"""


ORDER_LINES = f"""query OrderLines($id: ID!, $first: Int!, $after: String) {{
  order(id: $id) {{ lineItems(first: $first, after: $after) {_LINES} }}
}}"""

ORDER_REFUNDS = f"""query OrderRefunds($id: ID!, $first: Int!, $nested: Int!) {{
  order(id: $id) {{
    refunds(first: $first) {{
      id createdAt totalRefundedSet {_MONEY}
      refundLineItems(first: $nested) {_REFUND_LINES}
      refundShippingLines(first: 1) {_REFUND_SHIPPING}
    }}
  }}
}}"""

ALL_REFUNDS = f"""query AllRefunds($id: ID!, $first: Int!) {{
  order(id: $id) {{ refunds(first: $first) {{ id createdAt totalRefundedSet {_MONEY} }} }}
}}"""

REFUND_LINES = f"""query RefundLines($id: ID!, $first: Int!, $after: String) {{
  refund(id: $id) {{ refundLineItems(first: $first, after: $after) {_REFUND_LINES} }}
}}"""

REFUND_SHIPPING = f"""query RefundShipping($id: ID!, $first: Int!, $after: String) {{
  refund(id: $id) {{ refundShippingLines(first: $first, after: $after) {_REFUND_SHIPPING} }}
}}"""


def customers(*, customer_data: bool) -> str:
    """Customers by change."""
    personal = "defaultEmailAddress { emailAddress }" if customer_data else ""
    return f"""query Customers($first: Int!, $after: String, $query: String) {{
  customers(first: $first, after: $after, sortKey: UPDATED_AT, query: $query) {{
    nodes {{ id createdAt updatedAt state numberOfOrders {personal} }}
    {_END}
  }}
}}"""
