"""The service: what is due is done without anybody asking."""
