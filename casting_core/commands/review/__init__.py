"""Commands about what people and models say of the same castings.

agreement  studies of agreement
doubt      castings whose labels are doubtful
"""
