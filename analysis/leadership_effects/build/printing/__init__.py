"""Print the book: one PDF and one EPUB of all chapters, with static charts.

Sphinx compiles the chapters once more with the bare builder ``print``; headless Chromium parses each as a reader's
browser would and hands it back as well-formed XHTML whose anchors carry the chapter's name. Both books are made of
these chapters: the EPUB is a package of them, the PDF one long page of them, printed twice because its contents need
the page numbers of the first time. Bytes differ between two runs, because the browser dates its file; their contents
do not: ``contents.json`` is what is compared.
"""
