"""Moving rows from one table to another under the eyes of everybody: mirror, copy, settle, verify.

Triggers carry every change of the source to the target, in the transaction that makes it; batches copy what is
there. Once every transaction that cannot see the copies has ended, and both tables were found equal in one snapshot,
they stay equal, and whoever reads may be sent from the one to the other at any moment.
"""
