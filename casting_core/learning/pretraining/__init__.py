"""What is learned before the first photo, and of a product before the first epoch.

product  ``pretrain_on_product``: painted defects on sound parts of the product
"""
