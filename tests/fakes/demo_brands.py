"""The two brands of the demo: Sib in Iran, Acme in Germany; what visitors and searchers of each are like.

Names hold Persian text with zero-width non-joiners, and the words that Google puts where it has no name:
``(direct)``, ``(not set)``, ``(other)``.
"""

from __future__ import annotations

from dataclasses import dataclass

Origin = tuple[str, str, str, str]
Term = tuple[str, float, float, float, str]


@dataclass(frozen=True, kw_only=True)
class Brand:
    """What is particular to a brand.

    Attributes:
        property_id: in GA4.
        site: in Search Console.
        new_visitors: a day, about.
        origins: channel, source, medium and campaign, with their weights.
        paths: of pages, the most seen first.
        events: chance that a visit fires each.
        order_value: mean revenue of a purchase.
        weekend: weekdays with fewer visits, Monday is 0.
        terms: query, impressions a day, share clicked, position and page; an empty query is anonymised.
        countries: of searches, the first prevails.
    """

    property_id: str
    site: str
    time_zone: str
    currency: str
    new_visitors: int
    origins: dict[Origin, int]
    paths: tuple[str, ...]
    events: dict[str, float]
    order_value: float
    weekend: frozenset[int]
    terms: tuple[Term, ...]
    countries: tuple[str, str]


SIB = Brand(
    property_id="211",
    site="sc-domain:sib.example",
    time_zone="Asia/Tehran",
    currency="IRR",
    new_visitors=14,
    origins={
        ("Organic Search", "google", "organic", "(organic)"): 40,
        ("Direct", "(direct)", "(none)", "(direct)"): 25,
        ("Organic Social", "instagram", "social", "پویش پاییزهٔ میوه‌ها"): 15,
        ("Email", "newsletter", "email", "خبرنامهٔ هفته‌نامه"): 8,
        ("Referral", "mizbanha.example", "referral", "(referral)"): 7,
        ("Unassigned", "(not set)", "(not set)", "(not set)"): 3,
        ("Unassigned", "(other)", "(other)", "(other)"): 2,
    },
    paths=("/", "/خرید/سیب‌سرخ", "/وبلاگ/فواید-سیب", "/درباره‌ما", "/تماس"),
    events={"share": 0.06, "sign_up": 0.04, "generate_lead": 0.03, "add_to_cart": 0.12, "purchase": 0.03},
    order_value=4_500_000,
    weekend=frozenset({3, 4}),
    terms=(
        ("سیب", 40, 0.22, 1.4, "/"),
        ("فروشگاه سیب", 18, 0.30, 1.1, "/"),
        ("سيب", 9, 0.18, 1.6, "/"),
        ("sib shop", 7, 0.25, 1.3, "/"),
        ("خرید میوه‌های پاییزی", 55, 0.05, 6.2, "/خرید/سیب‌سرخ"),
        ("قیمت میوه امروز", 60, 0.02, 9.8, "/وبلاگ/فواید-سیب"),
        ("میوه‌فروشی آنلاین", 35, 0.04, 7.5, "/خرید/سیب‌سرخ"),
        ("", 30, 0.06, 5.0, "/"),
    ),
    countries=("irn", "deu"),
)
ACME = Brand(
    property_id="212",
    site="https://www.acme.example/",
    time_zone="Europe/Berlin",
    currency="EUR",
    new_visitors=22,
    origins={
        ("Organic Search", "google", "organic", "(organic)"): 35,
        ("Paid Search", "google", "cpc", "acme_autumn"): 20,
        ("Direct", "(direct)", "(none)", "(direct)"): 20,
        ("Email", "hubspot", "email", "October news"): 10,
        ("AI Assistant", "chat.example", "referral", "(referral)"): 5,
        ("Cross-network", "google", "cpc", "pmax"): 6,
        ("Unassigned", "(not set)", "(not set)", "(not set)"): 4,
    },
    paths=("/", "/products/anvil", "/pricing", "/blog/how-to-lift", "/contact"),
    events={"share": 0.03, "sign_up": 0.05, "generate_lead": 0.06, "add_to_cart": 0.08, "purchase": 0.04},
    order_value=180,
    weekend=frozenset({5, 6}),
    terms=(
        ("acme", 70, 0.28, 1.2, "/"),
        ("acme anvil", 30, 0.24, 1.3, "/products/anvil"),
        ("acme corp racing", 25, 0.01, 8.0, "/"),
        ("اکمی", 4, 0.20, 1.5, "/"),
        ("buy anvil", 90, 0.04, 6.0, "/products/anvil"),
        ("how to lift an anvil", 60, 0.03, 5.5, "/blog/how-to-lift"),
        ("amboss kaufen", 45, 0.05, 4.8, "/products/anvil"),
        ("", 50, 0.05, 5.0, "/"),
    ),
    countries=("deu", "aut"),
)
BRANDS = (SIB, ACME)
