"""What is in the queue of Review, and how it is shown.

kept_queues   queues under a name, for everybody
photos_below  the photos of the queue below the card, one by one or casting by casting
queue_view    the matrix, the charts and the queue that they fill
"""
