"""The networks in Keras: how each is built and computed, what it begins with, and its export."""
