"""The network ``backbone``: what a public network knows of all pictures, and a head that learns this product.

lite0        EfficientNet-Lite0, frozen: from grey levels to the features of places
pooling      its layers of our own: how places become numbers of a photo
detail       spots and lines that a smaller picture loses
distance     how unlike the places of sound parts each place of a photo is
network      both together, with a head, and which place each score comes from
views        photos as its head learns from them
out_of_fold  what heads say of castings that they have not learned from
convert      the command that makes our file of its weights from the published one
"""
