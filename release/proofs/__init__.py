"""Proofs that each way to fetch the program works: one module for each, with clients that exist on this machine."""
