"""The pieces of the Review page.

above_queue        the matrix and the charts above the queue
matrix             the confusion matrix as a program in the browser
card               judging one casting after the other by keyboard
queue              queues under a name, and the photos below the card
confusion          the confusion matrix as a control
curve_view         ROC and precision-recall, and how scores spread, as controls
doubt_view         labels that are doubtful
gate_view          what the gate would refuse of the photos
independence_view  what a score proves
judged_filter      how many photos of a cell a person has judged, and those that are left
kinds_view         which kinds of defect escape
queue_filter       which photos of a cell are in the queue
retrain            the same recipe once more, on corrected labels
review_address     the address of the page
review_choice      which model is reviewed on which photos
"""
