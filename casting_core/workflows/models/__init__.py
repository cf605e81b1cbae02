"""Model versions: which one judges.

promotion  putting a version in production, and the figures of both to decide by
"""
