"""Files: what people send as evidence, kept for ever under the hash of its content, outside everything that is served.

Tables    StoredFile: content hash, size, kind, since when. Whose it is and what it is called, the room keeps that shows it.
Doors     arriving.ToDisk (receives a form's files, never more than the limit), services.keep, answers.download.
Promises  The kind is read from the bytes, never from the name: a program that calls itself PDF is refused with a sentence.
          The same content is kept once and never changed or deleted. A download is a download: no browser opens it in place.
"""
