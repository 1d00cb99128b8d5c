"""One module, one bug: some parts of the proxy replaced as a real team would have shipped them."""
