"""What is read of a photo without opening it: names of files and folders, and the tables and masks beside it.

annotations  JSON, XML and text files of the usual annotation tools
listing      which files there are, and what kind of file each is by its name
masks        pictures that show where the defects of a photo are
public       public sets whose class folders are called by kinds of defect
said         which photo each row of a table and each annotation speaks of
tables       tables with a row per photo
words        how folders of classes and splits are called, in the languages and spellings people use
"""
