"""Accounts: signing in, invitations, people and their roles, tokens, the audit log."""
