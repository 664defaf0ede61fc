"""Combine effects across cases: pooling, joint tests, moderators, agreement, QCA, tipping."""
