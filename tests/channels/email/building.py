"""Builds small raw mails for tests."""

HEAD = b"From: Ana Lopes <ana@shopper.example>\nTo: support@acme.example\nSubject: My order\n"


def mail(body: str | bytes = "Where is it?\n", **headers: str) -> bytes:
    """Return a mail from Ana; underscores in header names stand for dashes, later values replace earlier ones."""
    fields = {"From": "Ana Lopes <ana@shopper.example>", "To": "support@acme.example", "Subject": "My order"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return head.encode("utf-8", "surrogateescape") + b"\n" + (body if isinstance(body, bytes) else body.encode())


def multipart(*parts: str, kind: str = "mixed", boundary: str = "b") -> bytes:
    """Return a mail with `parts`, each of them headers, an empty line and a body."""
    body = "".join(f"--{boundary}\n{part}\n" for part in parts) + f"--{boundary}--\n"
    return mail(body, Content_Type=f"multipart/{kind}; boundary={boundary}")
