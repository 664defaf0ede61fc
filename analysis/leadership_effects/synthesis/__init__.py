"""Combine effects across cases: pooling, joint tests, moderators, agreement of coders, QCA, thresholds."""
