"""The link check: whether the addresses that the catalog leads to still answer.

It goes out to hosts of others, so it is polite: one request at a time, a pause between two to the same host, robots.txt
respected, a name and an address to complain to. And whoever writes an address must not reach through it what only this
machine can reach: `guarding` says where it may go.
"""
