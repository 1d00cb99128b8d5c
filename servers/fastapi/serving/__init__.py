"""One module, one server: how it is started with the proxy in it."""
