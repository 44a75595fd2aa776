"""The WooCommerce connector against the local shop."""
