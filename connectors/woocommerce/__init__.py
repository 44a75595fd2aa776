"""WooCommerce: orders, their lines and refunds, and customers of a shop, over its REST API."""
