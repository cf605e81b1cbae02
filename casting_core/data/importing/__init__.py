"""From a source of photos (zip file, folder, dropped files) to a folder of our own: a look first, then the copying."""
