"""Files as companies have them: delimited text in any usual encoding, and XLSX workbooks.

Implements the port `Reader` of the actuals room; settings.READERS names the two by dotted path.
Promises: memory stays bounded whatever the file claims to be; a structural fault is a FileRefused with facts.
"""
