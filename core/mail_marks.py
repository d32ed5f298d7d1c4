"""Marks by which mail of ours is known when it, or an answer to it, comes back."""

LOOP_HEADER = "X-Helpdesk-Loop"
# The Message-ID of a mail that notifies a member begins so; what answers it is no letter of a customer.
NOTICE_ID = "hdnotice."
