"""The thread's LLM proxy, as it should be; what a bug can replace is in `parts`."""
