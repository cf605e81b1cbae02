"""Adding photos: where they come from, what is in them, taking them in.

import_form  the whole of it
"""
