"""What can be wrong with a whole file; what is wrong with one row is told by the row."""


class UnreadableTable(Exception):
    """Nothing can be read from this file; its text is a plain sentence for the person who sent it."""


class NotText(UnreadableTable):
    """A workbook, a web page, a picture."""


class NoHeader(UnreadableTable):
    """Nothing in it, or no names in its first row."""


class TooManyColumns(UnreadableTable):
    """More than can be mapped by hand."""


class UnknownEncoding(UnreadableTable):
    """The encoding or delimiter that was asked for is none of ours."""
